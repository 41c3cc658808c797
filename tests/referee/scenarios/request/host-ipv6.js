// An IPv6 address is in brackets in the Host header.
var path = unixPath(), server = http.createServer(function(req, res) {
  log('server.host', req.headers.host)
  res.end()
})
function ask(options, then) {
  options.socketPath = path
  options.agent = false
  var req = http.request(options, function(res) {
    res.on('end', then)
    res.resume()
  })
  watch(req, 'client', 'error')
  req.end()
}
serve(server, function() {
  ask({host: '::1'}, function() {
    ask({host: '::1', port: 8080}, function() {
      ask({host: '[::1]', port: 8080}, function() {
        ask({host: '[::1]:81'}, function() {
          ask({host: 'fe80::1%lo'}, function() {
            ask({host: 'a:b:c'}, done)
          })
        })
      })
    })
  })
}, {path: path})
