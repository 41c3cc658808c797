// A body waits for who listens later.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  after(30, function() {
    watch(req, 'req', 'data end')
    req.on('end', function() { res.end() })
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello')
