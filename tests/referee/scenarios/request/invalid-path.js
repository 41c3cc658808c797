// A path with a space cannot be sent.
attempt('request', function() {
  http.request({host: '127.0.0.1', port: 1, agent: false, path: '/a b'}).on('error', note('error'))
})
after(50, done)
