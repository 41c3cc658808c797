// What getHeader and its like tell of a request, of the documents of getHeader and setHeader.
// versions: v13.14-
var req = http.request({host: '127.0.0.1', port: 1, agent: false})
req.on('error', function() {})
req.setHeader('content-type', 'text/html')
req.setHeader('Content-Length', 9)
req.setHeader('Cookie', ['type=ninja', 'language=javascript'])
log('content-type', req.getHeader('Content-Type'))
log('cookie', req.getHeader('Cookie'))
req.removeHeader('Content-Type')
log('content-type', req.getHeader('Content-Type'))
req.abort()
after(50, done)
