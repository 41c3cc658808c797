// 204 with a Content-Length that was set, and the next answer.
var server = http.createServer(function(req, res) {
  if (req.url === '/1') {
    res.writeHead(204, {'Content-Length': 5})
    res.end()
  } else {
    res.end('hello')
  }
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
