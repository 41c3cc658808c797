// A request that was answered early is paused at each piece: all of it is delivered,
// however slowly, and the next request comes behind it.
var finished = count(2, done)
var server = http.createServer(function(req, res) {
  if (req.method === 'GET') {
    log('next.request')
    res.end('next')
    finished()
    return
  }
  var n = 0
  req.on('data', function(chunk) {
    n += chunk.length
    req.pause()
    after(150, function() { req.resume() })
  })
  req.on('end', function() {
    log('upload.end', n)
    finished()
  })
  res.end('accepted')
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n' + repeat('x', 600000) + 'GET /next HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {})
