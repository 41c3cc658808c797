// These headers are joined by commas.
var server = http.createServer(function(req, res) {
  log('headers', req.headers)
  res.end()
})
var names = ['Accept', 'Accept-Charset', 'Accept-Encoding', 'Accept-Language', 'Link', 'Pragma', 'Proxy-Authenticate', 'Sec-WebSocket-Extensions', 'Sec-WebSocket-Protocol', 'WWW-Authenticate', 'X-Forwarded-For']
var text = 'GET / HTTP/1.1\r\nHost: a\r\n'
names.forEach(function(name) {
  text += name + ': 1\r\n' + name + ': 2\r\n'
})
talk(server, text + 'Connection: close\r\n\r\n')
