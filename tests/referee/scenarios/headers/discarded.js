// Of these headers the first counts.
var server = http.createServer(function(req, res) {
  log('headers', req.headers)
  res.end()
})
var names = ['Host', 'Age', 'Authorization', 'Content-Type', 'ETag', 'Expires', 'From', 'If-Modified-Since', 'If-Unmodified-Since', 'Last-Modified', 'Location', 'Max-Forwards', 'Proxy-Authorization', 'Referer', 'Retry-After', 'Server', 'User-Agent']
var text = 'GET / HTTP/1.1\r\n'
names.forEach(function(name) {
  text += name + ': 1\r\n' + name + ': 2\r\n'
})
talk(server, text + 'Connection: close\r\n\r\n')
