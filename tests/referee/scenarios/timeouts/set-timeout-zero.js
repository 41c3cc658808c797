// A timeout of 0 is none.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  res.setTimeout(50, note('timeout'))
  res.setTimeout(0)
  after(150, function() { res.end('late') })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
