// What the trailers of a response say of the connection changes nothing about it.
// versions: v13.14-
answer(function(peer) {
  peer.until('/1', function() { peer.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nConnection: close\r\nKeep-Alive: timeout=0\r\n\r\n') })
  peer.until('/2', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nho') })
}, function(port) {
  var agent = new http.Agent({keepAlive: true})
  function get(path, then) {
    http.get({port: port, path: path, agent: agent}, function(res) {
      res.on('data', function(chunk) { log('data', textOf(chunk)) })
      res.on('end', function() {
        log('trailers', res.rawTrailers.length)
        after(30, then)
      })
    })
  }
  get('/1', function() {
    get('/2', function() {
      agent.destroy()
      done()
    })
  })
})
