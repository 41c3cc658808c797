// The method of get's options is sent, in upper case.
var methods = ['DELETE', 'HEAD', 'put', 'Patch'], server = http.createServer(function(req, res) {
  log('server.request', req.method, req.headers['content-length'], req.headers['transfer-encoding'])
  res.end()
})
function ask(port, i) {
  if (i === methods.length) {
    done()
    return
  }
  var req = http.get({host: '127.0.0.1', port: port, agent: false, method: methods[i]}, function(res) {
    res.on('end', function() { ask(port, i + 1) })
    res.resume()
  })
  watch(req, 'client', 'error')
  log('client.method', req.method)
}
serve(server, function(port) { ask(port, 0) })
