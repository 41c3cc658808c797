// A client that hears of informational responses, of the document of the event 'information'.
// versions: v13.14-
answer(function(peer) {
  peer.until('\r\n\r\n', function() {
    peer.write('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  })
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, path: '/length_request', agent: false})
  req.end()
  req.on('information', function(info) {
    log('Got information prior to main response', info.statusCode)
  })
  req.on('response', function(res) {
    log('response', res.statusCode)
    res.on('end', done)
    res.resume()
  })
})
