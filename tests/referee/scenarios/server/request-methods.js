// Methods arrive as they are sent.
var methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'COPY', 'LOCK', 'MKCOL', 'MOVE', 'PROPFIND', 'PROPPATCH', 'UNLOCK', 'REPORT', 'MKACTIVITY', 'CHECKOUT', 'MERGE', 'M-SEARCH', 'NOTIFY', 'SUBSCRIBE', 'UNSUBSCRIBE', 'PATCH']
var server = http.createServer(function(req, res) {
  log('method', req.method)
  res.setHeader('Content-Length', 0)
  res.end()
  next()
})
function next() {}
talk(server, '', function(p) {
  var left = methods
  next = function() {
    if (left.length === 0) return done()
    var method = left.shift()
    p.write(method + ' / HTTP/1.1\r\nHost: a\r\n\r\n')
  }
  next()
})
