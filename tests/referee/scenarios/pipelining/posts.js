// Requests with bodies in one piece.
var server = http.createServer(function(req, res) {
  req.on('data', function(chunk) { log('data ' + req.url, chunk) })
  req.on('end', function() { res.end(req.url) })
})
talk(server, 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiPOST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nho\r\n0\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
