// Listeners of 'data' of a client's socket hear what it receives, beside the response.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe')
    after(50, function() { peer.write('llo') })
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('client.response', res.statusCode)
    res.on('data', function(chunk) { log('body.data', chunk) })
    res.on('end', function() { log('body.end') })
  })
  req.on('socket', function(socket) {
    socket.on('data', function(chunk) { log('client.data', chunk) })
    socket.on('close', function() { log('client.closed'); done() })
  })
})
