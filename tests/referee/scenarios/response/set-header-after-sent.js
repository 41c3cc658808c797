// The head cannot be changed once it is sent.
var server = http.createServer(function(req, res) {
  res.write('a')
  attempt('set', function() { res.setHeader('A', '1') })
  attempt('remove', function() { res.removeHeader('A') })
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
