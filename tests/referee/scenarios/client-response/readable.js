// A response is read when it says that it is readable.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc')
    after(30, function() { peer.write('def') })
  })
}, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    var got = ''
    watch(res, 'res', 'end')
    res.on('readable', function() {
      var chunk = res.read()
      if (chunk) got = got + textOf(chunk)
    })
    res.on('end', function() {
      log('res.got', got, res.complete !== false)
      done()
    })
  })
})
