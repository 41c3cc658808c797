// A Unix socket that is there already is not taken over.
// versions: v0.8 v1.6 v13.14 v19.0
var path = unixPath(), first = http.createServer(), second = http.createServer()
watch(second, 'second', 'listening error close')
serve(first, function() {
  serve(second, null, {path: path})
  second.on('error', function() { after(20, done) })
}, {path: path})
