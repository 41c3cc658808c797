// Responses on the wire: what frames their bodies, and whether the connection stays.
var cases = [
  ['end with nothing', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.end() }],
  ['end with a body', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.end('hello') }],
  ['write and end', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.write('ab'); res.write('cde'); res.end() }],
  ['write and end with a body', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.write('ab'); res.end('c') }],
  ['writeHead and end', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200); res.end() }],
  ['writeHead and end with a body', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200); res.end('hello') }],
  ['writeHead with a length', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(201, {'Content-Length': '5'}); res.end('hello') }],
  ['Transfer-Encoding: chunked', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Transfer-Encoding', 'chunked'); res.end('x') }],
  ['HEAD with a body', 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.end('hello') }],
  ['HEAD with a length', 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.setHeader('Content-Length', '5'); res.end() }],
  ['HEAD with writes', 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.write('hello'); res.end() }],
  ['HEAD with writeHead', 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(200); res.end() }],
  ['204', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.statusCode = 204; res.end('dropped') }],
  ['204 with writeHead', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(204); res.end() }],
  ['304', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.statusCode = 304; res.end() }],
  ['304 with a length', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', function(res) { res.writeHead(304, {'Content-Length': '9'}); res.end() }],
  ['HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', function(res) { res.end('hello') }],
  ['HTTP/1.0 with writes', 'GET / HTTP/1.0\r\n\r\n', function(res) { res.write('he'); res.end('llo') }],
  ['HTTP/1.0 keep-alive', 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', function(res) { res.end('hello') }],
  ['HTTP/1.0 keep-alive with a length', 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', function(res) { res.setHeader('Content-Length', '5'); res.end('hello') }],
  ['HTTP/1.0 keep-alive 204', 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', function(res) { res.writeHead(204); res.end() }],
  ['the request closes', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(res) { res.end('hello') }],
  ['the request closes, writes', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', function(res) { res.write('hello'); res.end() }]
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
