// What an error of listening says: the call that failed, and the address.
// versions: v13.14-
function listen(label, options, then) {
  var server = http.createServer()
  server.on('error', function(err) {
    log(label, err.message, err.code, err.syscall, err.address)
    then()
  })
  serve(server, null, options)
}
answer(function() {}, function(port) {
  listen('in use', {host: '127.0.0.1', port: port}, function() {
    listen('name', {host: 'localhost', port: port}, function() {
      listen('every address', {host: '0.0.0.0', port: port}, function() {
        listen('not here', {host: '192.0.2.1', port: 0}, function() {
          listen('not here, with a port', {host: '192.0.2.1', port: port}, function() {
            listen('below no folder', {path: '/dev/null/x'}, function() {
              listen('no folder', {path: '/nowhere/x'}, function() {
                listen('file', {path: '/dev/null'}, done)
              })
            })
          })
        })
      })
    })
  })
})
