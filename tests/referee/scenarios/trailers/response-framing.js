// Fields that say where a body ends as trailers.
var server = http.createServer(function(req, res) {
  res.write('a')
  attempt('length', function() { res.addTrailers({'Content-Length': '7'}) })
  attempt('coding', function() { res.addTrailers({'transfer-encoding': 'gzip'}) })
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
