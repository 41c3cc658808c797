// Information of a response that waits for its turn, before and behind its head.
// versions: v19.0-
var first
var server = http.createServer(function(req, res) {
  if (req.url === '/1') {
    first = res
    return
  }
  res.writeContinue()
  res.writeProcessing()
  res.end('two')
  first.end('one')
})
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
