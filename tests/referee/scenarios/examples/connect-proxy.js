// A proxy that serves CONNECT and a client that fetches through it, of the document of the event 'connect'.
var proxy = http.createServer()
proxy.on('connect', function(req, socket, head) {
  log('proxy.connect', req.method, req.url)
  socket.write('HTTP/1.1 200 Connection Established\r\n' +
    'Proxy-agent: Node.js-Proxy\r\n' +
    '\r\n')
  watch(socket, 'proxy.socket', 'data end')
  socket.on('data', function() { socket.end('HTTP/1.1 200 OK\r\n\r\nokay') })
})
serve(proxy, function(port) {
  var options = {
    port: port,
    host: '127.0.0.1',
    agent: false,
    method: 'CONNECT',
    path: 'www.example.com:80'
  }
  var req = http.request(options)
  req.end()
  req.on('connect', function(res, socket, head) {
    log('client.got connected!', res.statusCode)
    socket.write('GET / HTTP/1.1\r\nHost: www.example.com:80\r\nConnection: close\r\n\r\n')
    watch(socket, 'client.socket', 'data end')
    socket.on('close', done)
  })
})
