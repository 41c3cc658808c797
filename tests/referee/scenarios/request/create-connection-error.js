// An error of createConnection is that of the request.
// versions: v13.14-
var req = http.get({host: '127.0.0.9', port: 9, createConnection: function(options, made) {
  after(20, function() { made(Error('none')) })
}})
watch(req, 'req', 'socket error close')
req.on('error', function(err) { log('message', err.message) })
after(100, done)
