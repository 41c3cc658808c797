// What is said of a socket while it serves changes nothing for the exchange.
var server = http.createServer(function(req, res) {
  var socket = req.socket
  attempt('setNoDelay', function() { socket.setNoDelay(true); socket.setNoDelay() })
  attempt('setKeepAlive', function() { socket.setKeepAlive(true, 1000); socket.setKeepAlive(false) })
  attempt('pause', function() { socket.pause(); socket.resume() })
  res.end('a')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
