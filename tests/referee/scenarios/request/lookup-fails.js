// An error of lookup is that of the request.
// versions: v13.14-
var req = http.get({host: 'a.example', agent: false, lookup: function(host, options, found) {
  after(1, function() { found(new Error('mine')) })
}})
watch(req, 'req', 'socket response')
req.on('error', function(err) { log('req error', err.message) })
watch(req, 'req', 'close')
req.on('close', done)
