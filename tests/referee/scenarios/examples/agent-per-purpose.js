// An agent that keeps its connections and a request that uses it, of http.Agent's document.
// versions: v1.6-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var keepAliveAgent = new http.Agent({keepAlive: true})
  var options = {host: '127.0.0.1', port: port}
  options.agent = keepAliveAgent
  http.request(options, function(res) {
    log('response', res.statusCode)
    res.on('end', function() {
      keepAliveAgent.destroy()
      done()
    })
    res.resume()
  }).end()
})
