// Nobody listens at the Unix socket.
var req = http.get({socketPath: unixPath(), agent: false})
watch(req, 'req', 'error')
req.on('error', done)
