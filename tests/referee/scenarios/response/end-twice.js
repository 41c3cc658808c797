// A second end does nothing.
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'error finish')
  res.end('a')
  attempt('again', function() { res.end() })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
