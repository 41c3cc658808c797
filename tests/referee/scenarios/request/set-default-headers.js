// A request without the default headers has only those that it is given.
// versions: v26.5-
answer(function(peer) {
  peer.until('\r\n\r\n', function() { peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') })
}, function(port) {
  function get(options, next) {
    options.host = '127.0.0.1'
    options.port = port
    options.agent = false
    http.get(options, function(res) {
      res.on('end', next)
      res.resume()
    })
  }
  get({setDefaultHeaders: false}, function() {
    get({setDefaultHeaders: false, setHost: true}, function() {
      get({setDefaultHeaders: true}, function() {
        get({setDefaultHeaders: false, headers: {'X-A': 'a', Connection: 'close'}}, done)
      })
    })
  })
})
