// A server that does not require Host announces requests without it.
// versions: v26.5-
var server = http.createServer({requireHostHeader: false}, function(req, res) {
  log('host', req.headers.host)
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')
