// Callbacks of writes come in order, before 'finish'.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'finish')
  res.write('a', function() { log('a') })
  res.write('b', 'utf8', function() { log('b') })
  res.end('c', note('c'))
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
