// Names must be tokens and values have no control characters.
// versions: v13.14-
var server = http.createServer(function(req, res) {
  attempt('empty', function() { res.setHeader('', '1') })
  attempt('space', function() { res.setHeader('a b', '1') })
  attempt('colon', function() { res.setHeader('a:', '1') })
  attempt('newline', function() { res.setHeader('A', 'a\r\nb') })
  attempt('nul', function() { res.setHeader('A', '\x00') })
  attempt('tab', function() { res.setHeader('X-Tab', 'a\tb') })
  attempt('latin1', function() { res.setHeader('X-Latin', 'caf\xe9') })
  attempt('list', function() { res.setHeader('A', ['a', 'b\n']) })
  log('has', res.hasHeader('A'))
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
