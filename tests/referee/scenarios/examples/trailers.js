// A response with trailers, of addTrailers' document.
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Content-Type': 'text/plain', 'Trailer': 'Content-MD5'})
  res.write('the data')
  res.addTrailers({'Content-MD5': '7895bf4b8828b55ceaf47747b4bca667'})
  res.end()
})
serve(server, function(port) {
  http.get({host: '127.0.0.1', port: port, agent: false}, function(res) {
    watch(res, 'client.res', 'data')
    res.on('end', function() {
      log('client.trailers', res.trailers)
      done()
    })
  })
})
