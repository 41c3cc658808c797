// Requests of HTTP/1.0 in a row are answered while their answers have lengths.
var server = http.createServer(function(req, res) {
  var body = 'answer ' + req.url
  if (req.url !== '/3') res.setHeader('Content-Length', body.length)
  res.end(body)
})
talk(server, 'GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /3 HTTP/1.0\r\n\r\n')
