// A request piped to its own response is an echo.
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'end')
  watch(res, 'res', 'finish')
  log('pipe', req.pipe(res) === res)
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nConnection: close\r\n\r\nhello world')
