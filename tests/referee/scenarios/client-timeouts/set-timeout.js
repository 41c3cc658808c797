// A timeout is told and changes nothing: the response may still come.
var peer
answer(function(p) { peer = p }, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end aborted close')
  })
  watch(req, 'req', 'timeout response error close')
  req.setTimeout(50, note('callback'))
  req.once('timeout', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  req.on('close', done)
})
