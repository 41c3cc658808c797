// Values lose spaces and tabs around them; they may be empty.
var server = http.createServer(function(req, res) {
  log('headers', req.headers)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost:a\r\nX-Spaces:   a  b  \r\nX-Tabs:\ta\tb\t\r\nX-Empty:\r\nX-Blank:   \r\nX-Colon: a:b: c\r\nX-Comma: a, b,c\r\nConnection: close\r\n\r\n')
