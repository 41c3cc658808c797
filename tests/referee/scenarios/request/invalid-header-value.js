// A header's value must have no line end.
// versions: v1.6-
attempt('request', function() {
  http.request({host: '127.0.0.1', port: 1, agent: false, headers: {'X-A': '1\r\nX-B: 2'}}).on('error', note('error'))
})
after(50, done)
