// What write and end say of a body where there can be none: they take it, and nothing leaves.
var answers = {'/head': 200, '/204': 204, '/304': 304}
var server = http.createServer(function(req, res) {
  var status = answers[req.url]
  res.statusCode = status
  res.on('finish', function() { log(status + ' finish') })
  log(status + ' write ' + res.write('abc'))
  res.end('def')
})
talk(server, 'HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('GET /204 HTTP/1.1\r\nHost: a\r\n\r\n')
    peer.until('\r\n\r\n', function() {
      peer.write('GET /304 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    })
  })
  peer.closed(done)
})
