// What cannot be a host's name is not found.
// versions: v13.14-
function ask(label, options, then) {
  options.agent = false
  var req = http.get(options)
  req.on('error', function(err) {
    log(label, err.message, err.code, err.syscall)
    then()
  })
}
ask('brackets', {host: '[::1]', port: 1}, function() {
  ask('port', {host: '127.0.0.1:80', port: 1}, done)
})
