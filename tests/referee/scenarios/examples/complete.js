// complete tells whether a response has arrived whole, of its document.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nnot all of it')
    peer.end()
  })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, method: 'POST', agent: false}, function(res) {
    res.on('error', note('error'))
    res.on('close', function() {
      if (!res.complete) log('The connection was terminated while the message was still being sent')
    })
    res.resume()
  })
  req.on('error', note('request error'))
  req.on('close', done)
  req.end('a')
})
