// What isPaused tells.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('at first', req.isPaused())
  req.pause()
  log('paused', req.isPaused())
  req.resume()
  log('resumed', req.isPaused())
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
