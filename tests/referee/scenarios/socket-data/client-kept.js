// Listeners of 'data' stay with a socket that its agent keeps.
// versions: v13.14-
var server = http.createServer(function(req, res) { res.end(req.url) })
serve(server, function(port) {
  var agent = new http.Agent({keepAlive: true, maxSockets: 1})
  function ask(path, heard, next) {
    var req = http.get({host: '127.0.0.1', port: port, path: path, agent: agent}, function(res) {
      res.on('data', function(chunk) { log('body.data', chunk) })
      res.on('end', function() { log('body.end'); after(50, next) })
    })
    req.on('socket', function(socket) {
      if (heard) socket.on('data', function(chunk) { log('client.data', chunk) })
    })
  }
  ask('/a', true, function() { ask('/b', false, function() { agent.destroy(); done() }) })
})
