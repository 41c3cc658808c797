// What is written out of turn waits.
var server = http.createServer(function(req, res) {
  if (req.url === '/1') { first = res; return }
  res.write('b1')
  res.write('b2')
  first.write('a1')
  after(20, function() {
    first.end('a2')
    res.end('b3')
  })
})
var first
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
