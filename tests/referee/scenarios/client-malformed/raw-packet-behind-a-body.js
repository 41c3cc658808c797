// bytesParsed counts from the beginning of what was read together.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
  })
  req.on('error', function(err) { log('error', err, err.bytesParsed, textOf(err.rawPacket)) })
  watch(req, 'req', 'close')
  req.on('close', done)
})
