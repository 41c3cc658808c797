// A request that was answered early and stays paused holds up the next one, and is not
// told to have ended.
var server = http.createServer(function(req, res) {
  if (req.method === 'GET') {
    log('next')
    res.end('next')
    return
  }
  req.on('data', function(chunk) { req.pause() })
  req.on('end', function() { log('end') })
  res.end('accepted')
  after(1500, function() {
    log('at last')
    done()
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n' + repeat('x', 600000) + 'GET /next HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {})
