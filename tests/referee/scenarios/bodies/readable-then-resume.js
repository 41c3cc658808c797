// A body that is resumed in place of being read passes to its end.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end')
  req.once('readable', function() {
    log('req.readable')
    req.resume()
  })
  req.on('end', function() { res.end() })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello')
