// What cannot be a host's name is not found.
// versions: v13.14-
function listen(label, options, then) {
  var server = http.createServer()
  server.on('error', function(err) {
    log(label, err.message, err.code, err.syscall)
    then()
  })
  serve(server, null, options)
}
listen('brackets', {host: '[::1]', port: 0}, function() {
  listen('port', {host: '127.0.0.1:80', port: 0}, done)
})
