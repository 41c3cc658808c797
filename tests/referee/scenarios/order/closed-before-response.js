// The events of a request whose server leaves before it answers.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.end() })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'socket response abort error close')
  req.on('close', done)
})
