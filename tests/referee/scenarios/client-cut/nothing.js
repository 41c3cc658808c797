// The server leaves without a word.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.end() })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false})
  req.on('error', function(err) { log('message', err.message) })
  watch(req, 'req', 'socket response error close')
  req.on('close', done)
})
