// With optimizeEmptyRequests, a request without a body is over before it is announced.
// versions: v26.5-
var server = http.createServer({optimizeEmptyRequests: true}, function(req, res) {
  log('at once', req.destroyed)
  watch(req, 'req', 'data end close')
  watch(res, 'res', 'finish close')
  res.end('hi')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
