// A response cannot be piped from.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'error')
  attempt('pipe', function() { res.pipe(res) })
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
