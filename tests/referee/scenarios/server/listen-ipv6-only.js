// ipv6Only leaves connections of IPv4 alone.
// versions: v13.14-
var server = http.createServer(function(req, res) { res.end() })
watch(server, 'server', 'listening error')
serve(server, function(port) {
  log('family', server.address().family, server.address().address)
  var req = http.get({host: '127.0.0.1', port: port, agent: false})
  watch(req, 'client', 'response error')
  req.on('error', done)
  req.on('response', done)
}, {port: 0, host: '::', ipv6Only: true})
