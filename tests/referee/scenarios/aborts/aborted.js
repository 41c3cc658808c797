// aborted is false until abort is called, and the event comes once.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'req', 'abort error close')
  log('before', req.aborted)
  req.abort()
  req.abort()
  log('script.after', req.aborted)
  after(50, done)
})
