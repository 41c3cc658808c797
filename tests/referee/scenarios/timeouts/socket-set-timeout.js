// A listener on the socket does not keep the server from destroying it.
var server = http.createServer(function(req, res) {
  req.socket.setTimeout(100)
  req.socket.on('timeout', function() {
    log('timeout')
    res.end('late')
  })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
