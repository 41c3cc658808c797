// A request that is destroyed while its host is looked for ends at once.
// versions: v13.14-
var req = http.get({host: 'a.example', agent: false, lookup: function() { after(1, function() { req.destroy() }) }})
watch(req, 'req', 'socket response error close')
req.on('close', done)
