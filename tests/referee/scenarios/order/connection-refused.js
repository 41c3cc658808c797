// The events of a request whose connection fails.
var req = http.get({host: '127.0.0.1', port: 1, agent: false})
watch(req, 'req', 'socket response abort error close')
req.on('error', function(err) { log('error', err.code, err.syscall) })
req.on('close', done)
req.on('error', function() { after(30, done) })
