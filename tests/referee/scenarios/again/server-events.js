// What a server tells of a connection or request comes again with the next one.
var server = http.createServer(function(req, res) { log('server.request'); res.end() })
server.on('connection', function() { log('server.connection') })
server.on('checkContinue', function(req, res) { log('server.checkContinue'); res.end() })
server.on('checkExpectation', function(req, res) { log('server.checkExpectation'); res.end() })
server.on('connect', function(req, socket) { log('server.connect'); socket.end() })
server.on('upgrade', function(req, socket) { log('server.upgrade'); socket.end() })
server.on('clientError', function(err, socket) { log('server.clientError'); if (socket) socket.destroy() })
serve(server, function(port) {
  function ask(text, f) {
    dial(port, function(peer) {
      peer.write(text)
      peer.closed(function() { f() })
    })
  }
  function twice(text, f) { ask(text, function() { ask(text, f) }) }
  twice('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function() {
    twice('GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n', function() {
      twice('GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nConnection: close\r\n\r\n', function() {
        twice('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', function() {
          twice('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n', function() {
            twice('no HTTP\r\n\r\n', function() { after(50, done) })
          })
        })
      })
    })
  })
})
