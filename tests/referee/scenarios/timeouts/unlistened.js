// res.setTimeout without a listener destroys the connection.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  watch(req, 'req', 'aborted close')
  res.setTimeout(50)
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
