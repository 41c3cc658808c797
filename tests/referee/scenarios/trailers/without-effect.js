// Fields that mean something in a head mean nothing in trailers.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  log('server.url', req.url)
  req.on('data', function() {})
  req.on('end', function() {
    log('request' + req.url + '.trailers', req.rawTrailers.length, req.headers.host, req.headers.authorization)
    res.end('answer to ' + req.url)
  })
})
watch(server, 'server', 'upgrade checkContinue checkExpectation')
function trailed(url, trailers) {
  return 'POST ' + url + ' HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n' + trailers + '\r\n'
}
talk(server, trailed('/1', 'Connection: upgrade\r\nUpgrade: x\r\n') + trailed('/2', 'Expect: 100-continue\r\n') + trailed('/3', 'Expect: y\r\n') +
  trailed('/4', 'Host: b\r\nHost: c\r\n') + trailed('/5', 'Authorization: Basic YTpi\r\nCookie: a=b\r\n') + trailed('/6', 'TE: trailers\r\nTrailer: x\r\nKeep-Alive: timeout=1\r\n') +
  'GET /7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
