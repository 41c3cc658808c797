// Whether a server listens, before, while and after.
// versions: v13.14-
var server = http.createServer()
var life = states('server')
life.watch(server, 'server', 'listening close')
life.look('made')
serve(server, function() {
  life.look('serves')
  server.close(function() {
    life.look('closed')
    done()
  })
  life.look('called')
})
