// The states of two requests that come on one connection.
var server = http.createServer(), first
server.on('request', function(req, res) {
  var life = states(req.url === '/1' ? 'first' : 'second')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  life.look('request')
  if (first) first.look('next')
  first = life
  req.resume()
  res.end('hi')
  life.look('ended')
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('hi', function() { after(50, function() { peer.write('GET /2 HTTP/1.1\r\nHost: a\r\n\r\n') }) })
  after(200, done)
})
