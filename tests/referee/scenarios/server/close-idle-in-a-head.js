// A connection on which a head is arriving is not idle.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  if (req.url === '/1') { res.end('first'); return }
  res.end('second')
})
var port
serve(server, function(p) {
  dial(p, function(slow) {
    slow.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n')
    slow.until('first', function() {
      server.closeIdleConnections()
      slow.write('Host: a\r\nConnection: close\r\n\r\n')
    })
    slow.closed(function(how) { log('closed', how); done() })
  })
})
