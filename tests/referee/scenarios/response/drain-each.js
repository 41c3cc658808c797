// A write as long as the high-water mark answers false and is followed by 'drain', also if its
// reader is fast.
// versions: v1.6-
var server = http.createServer(function(req, res) {
  var left = 5
  function more() {
    var room = res.write(repeat('a', 100000))
    if (room) log('write', room)
    left = left - 1
  }
  res.on('drain', function() {
    if (left > 0) more()
    else {
      log('drained')
      res.end()
    }
  })
  more()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
