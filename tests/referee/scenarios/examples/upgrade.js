// A client that asks for an upgrade and a server that agrees, of the document of the event 'upgrade'.
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Content-Type': 'text/plain'})
  res.end('okay')
})
server.on('upgrade', function(req, socket, head) {
  log('server.upgrade', req.headers['upgrade'], req.headers['connection'])
  socket.write('HTTP/1.1 101 Web Socket Protocol Handshake\r\n' +
    'Upgrade: WebSocket\r\n' +
    'Connection: Upgrade\r\n' +
    '\r\n')
  watch(socket, 'server.socket', 'data')
  socket.on('data', function() { socket.end('bye') })
})
serve(server, function(port) {
  var options = {
    port: port,
    host: '127.0.0.1',
    agent: false,
    headers: {
      'Connection': 'Upgrade',
      'Upgrade': 'websocket'
    }
  }
  var req = http.request(options)
  req.end()
  req.on('upgrade', function(res, socket, upgradeHead) {
    log('client.got upgraded!', res.statusCode, res.headers['upgrade'])
    watch(socket, 'client.socket', 'data end close')
    socket.on('close', done)
    socket.write('hello')
  })
})
