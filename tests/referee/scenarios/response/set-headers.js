// setHeaders sets several headers at once, and none once the head has been sent.
// versions: v26.5-
var server = http.createServer(function(req, res) {
  res.setHeader('X-A', 'old')
  res.setHeaders(new Map([['x-a', 'new'], ['X-B', ['1', '2']], ['X-C', '3']]))
  log('names', res.getHeaderNames().join(' '))
  attempt('invalid', function() { res.setHeaders(new Map([['X-D', 'a\nb']])) })
  log('x-d', res.hasHeader('x-d'))
  res.flushHeaders()
  attempt('late', function() { res.setHeaders(new Map([['X-E', '5']])) })
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
