// Responses on the wire: what members do that older versions lack.
// versions: v13.14-
var cases = [
  ['flushHeaders and end', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.flushHeaders(); res.end('x') }],
  ['statusCode and statusMessage', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.statusCode = 418; res.statusMessage = 'Short'; res.end() }],
  ['trailers behind a last chunk', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Trailer', 'X-Sum'); res.addTrailers([['X-Sum', '7']]); res.end('x') }],
  ['Trailer with a length', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Trailer', 'X'); res.setHeader('Content-Length', '1'); res.end('x') }],
  ['writeContinue', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeContinue(); res.end('x') }],
  ['writeProcessing', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeProcessing(); res.end('x') }],
  ['cork', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.cork(); res.write('ab'); res.write('cd'); res.uncork(); res.end() }]
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
