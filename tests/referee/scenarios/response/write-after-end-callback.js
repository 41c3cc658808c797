// The callback of a write after the end is given the error.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  watch(res, 'res', 'error finish close')
  res.end('a')
  attempt('write', function() { return res.write('b', note('written')) })
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
