// A signal that is aborted while the response is waited for destroys the request.
// versions: v19.0-
var controller = new AbortController()
answer(function(peer) {
  peer.until('\r\n\r\n', function() { after(20, function() { controller.abort() }) })
  peer.closed(function() { after(20, done) })
}, function(port) {
  var req = http.get({host: '127.0.0.1', port: port, agent: false, signal: controller.signal})
  watch(req, 'req', 'response abort error close')
  req.on('close', function() { log('destroyed', req.destroyed, req.aborted, controller.signal.aborted) })
})
