// A protocol must be that of the agent.
// versions: v1.6-
attempt('request', function() {
  http.request({host: '127.0.0.1', port: 1, agent: false, protocol: 'https:'}).on('error', note('error'))
})
after(50, done)
