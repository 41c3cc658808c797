// A server that cannot listen tells 'error', and again when it is asked again.
// versions: v1.6-
var first = http.createServer(), second = http.createServer(), times = 0
serve(first, function(port) {
  second.on('error', function() {
    times = times + 1
    log('error', times)
    if (times === 2) done()
    else serve(second, null, {port: port, host: '127.0.0.1'})
  })
  serve(second, null, {port: port, host: '127.0.0.1'})
})
