// The events of a request whose connection fails.
var req = http.get({host: '127.0.0.1', port: 1, agent: false})
watch(req, 'req', 'socket response abort')
req.on('error', function(err) {
  log('req error', err.code, err.syscall)
  after(30, done)
})
watch(req, 'req', 'close')
