// 'readable' tells that read() has something, and 'end' follows when all is read.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  var got = ''
  watch(req, 'req', 'end')
  req.on('readable', function read() {
    var chunk = req.read()
    if (chunk) got = got + textOf(chunk)
  })
  req.on('end', function() {
    log('req.got', got)
    res.end()
  })
})
talk(server, 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n')
