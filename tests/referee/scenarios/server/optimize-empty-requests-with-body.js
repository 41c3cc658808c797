// optimizeEmptyRequests changes nothing for a request that has a body.
// versions: v26.5-
var server = http.createServer({optimizeEmptyRequests: true}, function(req, res) {
  log('at once', req.destroyed, req.complete)
  watch(req, 'req', 'data end close')
  req.on('end', function() { res.end('hi') })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc')
