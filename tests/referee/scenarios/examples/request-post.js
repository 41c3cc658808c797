// A POST with a body, of http.request's document.
var server = http.createServer(function(req, res) {
  log('server.request', req.method, req.url, req.headers['content-type'], req.headers['content-length'])
  watch(req, 'server.req', 'data end')
  req.on('end', function() { res.end('done') })
})
serve(server, function(port) {
  var postData = 'msg=Hello%20World!'
  var options = {
    host: '127.0.0.1',
    port: port,
    path: '/upload',
    method: 'POST',
    agent: false,
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': postData.length
    }
  }
  var req = http.request(options, function(res) {
    log('client.STATUS', res.statusCode)
    res.setEncoding('utf8')
    watch(res, 'client.res', 'data')
    res.on('end', function() {
      log('client.No more data in response.')
      done()
    })
  })
  req.on('error', note('client.problem with request'))
  req.write(postData)
  req.end()
})
