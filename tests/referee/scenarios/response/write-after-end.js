// What is written after the end is not sent, and 'error' says so.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'error finish close')
  res.end('a')
  attempt('write', function() { return res.write('b') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
