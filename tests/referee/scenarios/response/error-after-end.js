// A write behind the end is told as 'error' of the response, and harms nobody else.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  if (req.url === '/2') { res.end('second'); return }
  res.on('error', note('error'))
  res.on('close', note('close'))
  res.end('first')
  log('write', typeof res.write('more'))
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('first', function() {
    peer.write('GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  })
  peer.closed(done)
})
