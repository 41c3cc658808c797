// A paused body waits for resume.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.pause()
  after(30, function() {
    log('resume')
    req.resume()
  })
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello')
