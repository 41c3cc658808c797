// Characters of a value that fit into a byte, and one that does not.
// versions: v13.14 v19.0
var server = http.createServer(function(req, res) {
  attempt('latin1', function() { res.setHeader('X-A', 'caf\u00e9') })
  attempt('beyond', function() { res.setHeader('X-B', '\u65e5') })
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
