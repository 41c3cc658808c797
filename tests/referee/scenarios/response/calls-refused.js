// Calls of a response that fail, and send nothing.
// versions: v13.14-
var cases = [
  ['setHeader after the head', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200); res.setHeader('A', '1') }],
  ['removeHeader after the head', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200); res.removeHeader('A') }],
  ['writeHead with status 99', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(99) }],
  ['writeHead with status 1000', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(1000) }],
  ['statusCode 1000', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.statusCode = 1000; res.end() }],
  ['statusCode 0', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.statusCode = 0; res.flushHeaders() }],
  ['statusMessage with a line end', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.statusMessage = 'a\r\nX: y'; res.end() }],
  ['writeHead with a line end in the reason', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200, 'a\r\nX: y') }],
  ['a name with a space', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('a b', '1') }],
  ['an empty name', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('', '1') }],
  ['a value with a line end', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('a', '1\r\nX: y') }],
  ['writeHead with a bad name', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200, {'a b': '1'}) }],
  ['writeHead with a bad value', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200, {a: '\x00'}) }],
  ['a trailer with a bad name', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.addTrailers({'a b': '1'}) }],
  ['a trailer with a bad value', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.addTrailers({a: '1\n'}) }]
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
