// A response and its request have one socket.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('same', res.socket === req.socket, res.connection === req.connection)
    log('remote', res.socket.remoteAddress, res.socket.remotePort === port)
    res.on('end', done)
    res.resume()
  })
})
