// getRawHeaderNames, of its document.
// versions: v19.0-
var req = http.request({host: '127.0.0.1', port: 1, agent: false})
req.on('error', function() {})
req.setHeader('Foo', 'bar')
req.setHeader('Set-Cookie', ['foo=bar', 'bar=baz'])
log('names', req.getRawHeaderNames())
req.on('close', done)
req.destroy()
