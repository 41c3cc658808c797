// What is written to a request that was aborted goes nowhere.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  watch(req, 'req', 'abort error close')
  req.abort()
  attempt('script.write', function() { return req.write('a') })
  attempt('script.end', function() { req.end('b') })
  after(50, done)
})
