// A header that is set again keeps its place, with one value or several.
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
  peer.closed(done)
}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, headers: {A: '1', B: '2', C: '3', D: ['4', '5'], E: '6'}})
  watch(req, 'req', 'error')
  req.on('response', function(res) { res.resume() })
  req.setHeader('a', ['7', '8'])
  req.setHeader('B', ['9'])
  req.setHeader('b', ['10', '11'])
  req.removeHeader('C')
  req.setHeader('c', ['12', '13'])
  req.setHeader('d', '14')
  req.end()
})
