// The timeout of an agent is told to its requests.
// versions: v13.14-
answer(function(peer) {}, function(port) {
  var agent = new http.Agent({timeout: 50})
  var req = http.get({host: '127.0.0.1', port: port, agent: agent})
  watch(req, 'req', 'timeout response error close')
  req.on('timeout', function() { req.destroy() })
  req.on('close', done)
})
