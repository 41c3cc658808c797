// What a response tells of its buffer.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  log('before', res.writableLength, res.writableCorked, res.writableObjectMode, !res.destroyed)
  res.cork()
  log('corked', res.writableCorked)
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
