// defaultPort of an agent is the port of requests that name none, and does not stand in Host.
// versions: v26.5-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  var agent = new http.Agent({defaultPort: port, protocol: 'foo:'})
  http.get({host: '127.0.0.1', agent: agent, protocol: 'foo:'}, function(res) {
    log('status', res.statusCode)
    res.on('end', done)
    res.resume()
  })
})
