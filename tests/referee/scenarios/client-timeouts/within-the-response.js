// The timeout holds within the response, too, and is told to the request.
var peer
answer(function(p) {
  peer = p
  p.until('\r\n\r\n', function() { p.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted close')
  })
  watch(req, 'req', 'response timeout error close')
  req.setTimeout(400, note('callback'))
  req.once('timeout', function() { peer.write('ho') })
  req.on('close', done)
})
