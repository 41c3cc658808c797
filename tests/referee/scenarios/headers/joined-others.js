// Headers without a rule of their own that come twice.
var server = http.createServer(function(req, res) {
  log('headers', req.headers)
  res.end()
})
var names = ['Foo', 'Cache-Control', 'Via', 'Access-Control-Allow-Origin', 'Content-Encoding', 'Date']
var text = 'GET / HTTP/1.1\r\nHost: a\r\n'
names.forEach(function(name) {
  text += name + ': 1\r\n' + name + ': 2\r\n'
})
talk(server, text + 'Connection: close\r\n\r\n')
