// A GET, of http.get's document.
var server = http.createServer(function(req, res) {
  res.writeHead(200, {'Content-Type': 'application/json'})
  res.end('{"data":"Hello World!"}')
})
serve(server, function(port) {
  http.get({host: '127.0.0.1', port: port, path: '/index.json', agent: false}, function(res) {
    log('Got response', res.statusCode, res.headers['content-type'])
    res.setEncoding('utf8')
    watch(res, 'res', 'data end')
    res.on('end', done)
  }).on('error', note('Got error'))
})
