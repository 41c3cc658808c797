// writeHead replaces what setHeader has set, whatever the case of its name, and
// adds the rest.
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'finish close')
  res.setHeader('X-A', '1')
  res.setHeader('X-B', '2')
  res.writeHead(201, {'x-a': '3', 'X-C': '4'})
  attempt('setHeader', function() { res.setHeader('X-D', '5') })
  res.end('hi', note('ended'))
})
serve(server, function(port) {
  dial(port, function(peer) {
    peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    peer.closed(done)
  })
})
