// address tells where a server listens.
var server = http.createServer()
serve(server, function() {
  var address = server.address()
  log('address', address.address, address.family, address.port)
  server.on('close', function() {
    log('closed', server.address())
    done()
  })
  server.close()
})
