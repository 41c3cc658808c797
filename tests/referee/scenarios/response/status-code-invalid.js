// An invalid statusCode is found out when the head is sent.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  res.statusCode = 1234
  attempt('end', function() { res.end('no') })
  res.statusCode = 200
  res.end('yes')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
