// Trailers that are added while a response is corked, which its end uncorks.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.setHeader('Trailer', 'Sum')
  res.cork()
  res.cork()
  res.write('a')
  res.addTrailers({Sum: '1'})
  res.uncork()
  res.write('b')
  res.end('c')
  res.uncork()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
