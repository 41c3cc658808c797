// socketPath is a Unix socket, and Host names this machine.
var path = unixPath(), server = http.createServer(function(req, res) {
  log('server.request', req.url, req.headers.host)
  res.end('hi')
})
serve(server, function() {
  http.get({socketPath: path, path: '/a', agent: false}, function(res) {
    watch(res, 'client', 'data end')
    log('client.response', res.statusCode)
    res.on('end', done)
  })
}, {path: path})
