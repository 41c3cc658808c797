// Responses on the wire: what members do that only the newest versions have.
// versions: v19.0-
var cases = [
  ['appendHeader', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('A', '1'); res.setHeader('B', '2'); res.appendHeader('a', '3'); res.appendHeader('C', ['4', '5']); res.end() }],
  ['writeHead with a list', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200, ['A', '1', 'B', '2', 'a', '3']); res.end() }]
]
var current = -1, port
var server = http.createServer(function(req, res) {
  if (req.url === '/next') return res.end('next')
  var threw = true
  attempt('call', function() { cases[current][2](res); threw = false })
  if (threw) req.connection.destroy()
})
// Each case has a connection of its own, which the request behind it closes, if it is
// still open: that shows what belongs to the response.
function next() {
  current++
  if (current === cases.length) { done(); return }
  dial(port, function(peer) {
    var open = true
    log('case', cases[current][0])
    peer.closed(function() { open = false; next() })
    peer.write(cases[current][1])
    after(20, function() { if (open) peer.write('GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n') })
  })
}
serve(server, function(p) { port = p; next() })
