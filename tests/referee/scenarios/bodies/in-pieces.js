// A body arrives in pieces, some within a chunk's frame.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'data end')
  req.on('data', function() { next() })
  req.on('end', function() { res.end() })
})
var next = function() {}
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n', function(peer) {
  var pieces = ['5\r\nhe', 'll', 'o\r\n6\r\n world\r\n', '0\r\n\r\n']
  next = function() { peer.write(pieces.shift()) }
  after(20, next)
  peer.closed(done)
})
