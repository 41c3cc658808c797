// writeInformation sends an informational response of a status that it is given.
// versions: v26.5-
var server = http.createServer(function(req, res) {
  res.writeInformation(110, {'X-A': '1', 'X-B': '2'})
  res.writeInformation(103, {Link: '</a>; rel=preload'}, function() { log('written') })
  attempt('101', function() { res.writeInformation(101) })
  attempt('200', function() { res.writeInformation(200) })
  attempt('99', function() { res.writeInformation(99) })
  attempt('invalid', function() { res.writeInformation(104, {'X-A': 'a\nb'}) })
  res.writeHead(200)
  attempt('late', function() { res.writeInformation(104) })
  res.end('done')
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
