// What an error says if the local end cannot be had.
// versions: v13.14-
function ask(label, options, then) {
  options.agent = false
  options.host = '127.0.0.1'
  var req = http.get(options)
  req.on('error', function(err) {
    log(label, err.message, err.code, err.syscall, err.address, err.port)
    then()
  })
}
answer(function() {}, function(port) {
  ask('not here', {port: port, localAddress: '192.0.2.1'}, function() {
    ask('not here, with a port', {port: port, localAddress: '192.0.2.1', localPort: port}, function() {
      ask('port in use', {port: port, localAddress: '127.0.0.1', localPort: port}, function() {
        ask('port in use anywhere', {port: port, localPort: port}, function() {
          ask('other family', {port: port, localAddress: '::1'}, done)
        })
      })
    })
  })
})
