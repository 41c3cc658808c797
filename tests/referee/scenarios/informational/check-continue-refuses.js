// A listener of 'checkContinue' may refuse the body.
var server = http.createServer(note('request'))
server.on('checkContinue', function(req, res) {
  res.writeHead(413, {Connection: 'close'})
  res.end()
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n')
