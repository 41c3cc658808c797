// 'readable' comes for what arrives later, too, and first of all for the end.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  var pieces = []
  req.on('readable', function() {
    var chunk = req.read()
    if (!chunk) return
    pieces.push(textOf(chunk))
    res.write('got ' + textOf(chunk))
  })
  req.on('end', function() {
    log('pieces', pieces)
    res.end()
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 6\r\n\r\nab', function(peer) {
  peer.until('got ab', function() { peer.write('cd') })
  peer.until('got cd', function() { peer.write('ef') })
  peer.closed(done)
})
