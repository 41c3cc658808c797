// A host that names a port, too, is sent as it is, and the port of the options behind it.
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
  ask({host: 'docker:2375'}, function() {
    ask({host: 'docker:2375', port: 80}, function() {
      ask({host: 'docker:2375', port: 8080}, function() {
        ask({host: 'docker', port: 8080}, function() {
          ask({host: 'docker:2375', port: 2375, defaultPort: 2375}, function() {
            ask({hostname: 'docker:2375', host: 'other'}, function() {
              ask({host: 'a:'}, done)
            })
          })
        })
      })
    })
  })
}, {path: path})
