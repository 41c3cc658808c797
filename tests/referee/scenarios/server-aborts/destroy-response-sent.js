// res.destroy of an answer that has been sent leaves its connection, which serves another request.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  var url = req.url
  watch(res, 'res' + url, 'finish error close')
  if (url === '/1') first = res
  else first.destroy()
  res.on('finish', function() {
    if (url === '/2') res.destroy()
  })
  res.end('answer ' + url)
})
var first
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n', function(peer) {
  peer.until('answer /1', function() { peer.write('GET /2 HTTP/1.1\r\nHost: a\r\n\r\n') })
  peer.until('answer /2', function() { peer.write('GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n') })
  peer.closed(function(how) { log('peer.closed', how); after(30, done) })
})
