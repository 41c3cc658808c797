// Without a timeout, or with 0, a request waits.
// versions: v13.14-
var peer
answer(function(p) { peer = p }, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'res', 'data end')
  })
  watch(req, 'req', 'timeout response error')
  req.setTimeout(50)
  req.setTimeout(0)
  after(150, function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  req.on('close', done)
})
