// Whoever is finished first waits for those before.
var server = http.createServer(function(req, res) {
  log('url', req.url)
  if (req.url === '/1') first = res
  else {
    res.end(req.url)
    after(20, function() { first.end('/1') })
  }
})
var first
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
