// The server resets the connection before it answers.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.reset() })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'socket response error close')
  req.on('close', done)
})
