// The events of a request that succeeds.
var server = http.createServer(function(req, res) {
  watch(req, 'server.req', 'data end close')
  watch(res, 'server.res', 'finish close')
  log('server.method', req.method, req.url, req.headers)
  res.end('hi')
})
serve(server, function(port) {
  relay(port, function(relayed) {
    var req = http.get({port: relayed, host: '127.0.0.1', path: '/a', agent: false}, function(res) {
      log('client.status', res.statusCode, res.headers)
      watch(res, 'client.res', 'data end aborted close')
      res.on('end', function() { log('client.complete', res.complete) })
    })
    watch(req, 'client.req', 'socket response finish abort error close')
    req.on('response', function(res) { res.on('close', function() { after(20, done) }) })
    after(1000, done)
  })
})
