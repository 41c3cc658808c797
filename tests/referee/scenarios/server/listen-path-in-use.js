// A Unix socket that is there already is not taken over.
var path = unixPath(), first = http.createServer(), second = http.createServer()
watch(second, 'second', 'listening error close')
serve(first, function() {
  serve(second, null, {path: path})
  second.on('error', function() { after(20, done) })
}, {path: path})
