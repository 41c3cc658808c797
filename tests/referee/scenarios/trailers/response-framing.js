// Fields that a recipient needs before the body as trailers.
var server = http.createServer(function(req, res) {
  res.write('a')
  function add(name) {
    attempt(name, function() {
      var trailers = {}
      trailers[name] = '7'
      res.addTrailers(trailers)
    })
  }
  add('Content-Length')
  add('transfer-encoding')
  add('Connection')
  add('Host')
  add('Authorization')
  add('If-Match')
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
