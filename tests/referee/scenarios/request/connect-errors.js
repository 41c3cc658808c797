// What an error of connecting says: the call that failed, and the address.
// versions: v13.14-
var gone = http.createServer()
function ask(label, options, then) {
  options.agent = false
  var req = http.get(options)
  req.on('error', function(err) {
    log(label, err.message, err.code, err.syscall, err.address, err.port)
    then()
  })
}
serve(gone, function(port) {
  gone.on('close', function() {
    ask('address', {host: '127.0.0.1', port: port}, function() {
      ask('name', {host: 'localhost', family: 4, port: port}, function() {
        ask('family of an address', {host: '127.0.0.1', family: 6, port: port}, function() {
          ask('from elsewhere', {host: '127.0.0.1', port: port, localAddress: '127.0.0.2'}, function() {
            ask('path', {socketPath: '/dev/null.sock'}, function() {
              ask('below no folder', {socketPath: '/dev/null/x'}, function() {
                ask('no socket', {socketPath: '/dev/null'}, done)
              })
            })
          })
        })
      })
    })
  })
  gone.close()
})
