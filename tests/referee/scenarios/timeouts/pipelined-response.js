// The timeout of an answer in line counts from its turn on.
// versions: v1.6-
var first
var server = http.createServer(function(req, res) {
  if (req.url === '/1') { first = res; return }
  res.setTimeout(150, function() {
    log('told')
    res.end('two')
  })
  after(300, function() {
    log('answer')
    first.end('one')
  })
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
