// A method must be a token.
// versions: v13.14-
attempt('request', function() {
  http.request({host: '127.0.0.1', port: 1, agent: false, method: 'A B'}).on('error', note('error'))
})
after(50, done)
