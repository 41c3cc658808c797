// Of two connections that rest, 'lifo' uses the one that was used last.
// versions: v19.0-
var agent = new http.Agent({keepAlive: true, scheduling: 'lifo'})
var port, first
function rests(n, f) {
  var names = Object.keys(agent.freeSockets)
  if (names.length === 1 && agent.freeSockets[names[0]].length === n) f()
  else after(5, function() { rests(n, f) })
}
function get(path) {
  http.get({host: '127.0.0.1', port: port, agent: agent, path: path}, function(res) { res.resume() })
}
function third(peer) {
  peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  rests(2, done)
}
answer(function(peer) {
  if (!first) {
    first = peer
    get('/2')
    return
  }
  peer.until('/2 ', function() {
    first.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    rests(1, function() {
      peer.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      rests(2, function() {
        first.until('/3 ', function() { third(first) })
        peer.until('/3 ', function() { third(peer) })
        get('/3')
      })
    })
  })
}, function(p) {
  port = p
  get('/1')
})
