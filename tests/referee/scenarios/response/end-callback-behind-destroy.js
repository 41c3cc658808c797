// The callback of the end of a response that was destroyed before.
// versions: v19.0-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'prefinish finish close')
  if (req.url === '/1') {
    res.end('x', note('called'))
    res.destroy()
  } else {
    res.destroy()
    attempt('end', function() { res.end('x', note('called')) })
    log('ended', res.writableEnded)
  }
})
talk(server, 'GET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.closed(function() { after(50, done) })
})
