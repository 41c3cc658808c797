// 'finish' comes in the order of requests.
var server = http.createServer(function(req, res) {
  res.on('finish', note('finish ' + req.url))
  if (req.url === '/1') first = res
  else {
    res.end(req.url)
    after(20, function() { first.end('/1') })
  }
})
var first
talk(server, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
