// A hundred headers arrive.
var server = http.createServer(function(req, res) {
  log('headers', req.headers['x-0'], req.headers['x-50'], req.headers['x-99'])
  res.end()
})
var text = 'GET / HTTP/1.1\r\nHost: a\r\n'
for (var i = 0; i < 100; i++) text += 'X-' + i + ': ' + i + '\r\n'
talk(server, text + 'Connection: close\r\n\r\n')
