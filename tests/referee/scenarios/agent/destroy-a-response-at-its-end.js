// destroy of a response whose end has been told.
// versions: v13.14-
var agent = new http.Agent({keepAlive: true, maxSockets: 1})
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi') })
}, function(port) {
  var first = http.get({host: '127.0.0.1', port: port, agent: agent, path: '/1'}, function(res) {
    watch(res, 'first.res', 'data end aborted error close')
    res.on('end', function() { res.destroy() })
  })
  watch(first, 'first.req', 'error close')
  var second = http.get({host: '127.0.0.1', port: port, agent: agent, path: '/2'}, function(res) {
    watch(res, 'second.res', 'data end aborted error close')
  })
  watch(second, 'second.req', 'error close')
  second.on('response', function(res) { res.on('end', done) })
})
