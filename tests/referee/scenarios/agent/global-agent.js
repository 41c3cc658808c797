// What the global agent does with a connection when its response has ended.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.closed(note('peer.closed'))
}, function(port) {
  http.get({host: '127.0.0.1', port: port}, function(res) {
    res.on('data', function() {})
    res.on('end', function() { after(50, done) })
  })
})
