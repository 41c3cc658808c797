// An error of createConnection is that of its request.
// versions: v13.14-
var agent = agentWith({}, {createConnection: function(options, made) {
  after(20, function() { made(Error('none')) })
}})
var req = http.get({host: '127.0.0.9', port: 9, agent: agent})
watch(req, 'req', 'socket error close')
req.on('error', function(err) { log('message', err.message) })
after(100, function() {
  pools('left', agent)
  done()
})
