// The states of two pipelined requests, the second of which is answered first.
var server = http.createServer(), answers = []
server.on('request', function(req, res) {
  var life = states(req.url === '/1' ? 'first' : 'second')
  life.watch(req, 'req', 'aborted end error close')
  life.watch(res, 'res', 'finish error close')
  life.look('request')
  req.resume()
  answers.push(life)
  if (req.url === '/1') {
    after(60, function() {
      res.end('one')
    })
  } else {
    res.end('two')
    life.look('ended')
    after(30, function() { life.look('waits') })
  }
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  after(200, done)
})
