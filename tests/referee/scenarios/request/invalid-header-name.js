// A header's name must be a token.
// versions: v1.6-
attempt('request', function() {
  http.request({host: '127.0.0.1', port: 1, agent: false, headers: {'A B': '1'}}).on('error', note('error'))
})
after(50, done)
