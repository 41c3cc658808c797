// Responses on the wire: the fields of a head, their order and their case.
var cases = [
  ['writeHead with a reason', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(404, 'Nope', {'X-A': '1'}); res.end('x') }],
  ['a status without a standard message', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.statusCode = 299; res.end() }],
  ['order and case of headers', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('X-One', '1'); res.setHeader('x-TWO', '2'); res.setHeader('X-one', '3'); res.end() }],
  ['a header with several values', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Set-Cookie', ['a=1', 'b=2']); res.end() }],
  ['removeHeader', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('A', '1'); res.setHeader('B', '2'); res.removeHeader('a'); res.end() }],
  ['remove Date', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.removeHeader('Date'); res.end() }],
  ['sendDate off', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.sendDate = false; res.end() }],
  ['remove Connection', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.removeHeader('Connection'); res.end('x') }],
  ['remove Content-Length', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.removeHeader('Content-Length'); res.end('x') }],
  ['a Date of its own', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('date', 'today'); res.end() }],
  ['Connection: close', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Connection', 'close'); res.end('x') }],
  ['Connection: keep-alive', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Connection', 'keep-alive'); res.end('x') }],
  ['Keep-Alive of its own', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Keep-Alive', 'timeout=9'); res.end('x') }],
  ['writeHead over setHeader', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('A', '1'); res.setHeader('B', '2'); res.writeHead(200, {'b': '3', 'C': '4'}); res.end() }],
  ['trailers', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Trailer', 'X-Sum'); res.write('x'); res.addTrailers({'X-Sum': '7'}); res.end() }],
  ['trailers without chunks', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.addTrailers({'X-Sum': '7'}); res.end('x') }]
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
