// An error of the parser has what could not be read, and where it stopped.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('no HTTP\r\n\r\n')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
  })
  req.on('error', function(err) { log('error', err, err.bytesParsed, textOf(err.rawPacket)) })
  watch(req, 'req', 'close')
  req.on('close', done)
})
