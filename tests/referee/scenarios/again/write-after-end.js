// Each write behind the end is told by an 'error' of its own.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  res.on('error', note('server.error'))
  res.end('a')
  res.write('b')
  res.write('c')
})
serve(server, function(port) {
  var req = http.request({host: '127.0.0.1', port: port, agent: false, method: 'POST'})
  req.on('error', note('client.error'))
  req.on('response', function(res) {
    res.on('end', function() { after(50, done) })
    res.resume()
  })
  req.end('a')
  req.write('b')
  req.write('c')
})
