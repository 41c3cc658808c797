// setEncoding keeps characters whole that are cut between pieces.
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n\xe2\x82')
    peer.write('\xac\xe2\x82\xac')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    res.setEncoding('utf8')
    var text = ''
    res.on('data', function(s) { text = text + s })
    res.on('end', function() { log('text', text.length, text === '\u20ac\u20ac') })
  })
  watch(req, 'req', 'response error close')
  req.on('close', done)
})
