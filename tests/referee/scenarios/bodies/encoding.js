// With setEncoding, characters are whole wherever a piece ends.
var server = http.createServer(function(req, res) {
  req.setEncoding('utf8')
  watch(req, 'req', 'data end')
  req.on('end', function() { res.end() })
  next()
})
var next
talk(server, '', function(peer) {
  next = function() { after(20, function() { peer.write('\x82\xac!') }) }
  peer.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\na\xe2')
  peer.closed(done)
})
