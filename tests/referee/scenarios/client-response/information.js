// Informational responses are told by themselves, before the response.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 102 Processing\r\nX-A: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
  })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    log('status', res.statusCode)
    watch(res, 'res', 'data end aborted error close')
  })
  req.on('information', function(info) {
    log('information', info.httpVersion, info.statusCode, info.statusMessage, info.headers, info.rawHeaders)
  })
  watch(req, 'req', 'response continue error close')
  req.on('close', done)
})
