// A header that is set again keeps its place, with one value or several.
var server = http.createServer(function(req, res) {
  res.setHeader('A', '1')
  res.setHeader('B', ['2', '3'])
  res.setHeader('C', '4')
  res.setHeader('a', ['5', '6'])
  res.setHeader('b', '7')
  res.removeHeader('A')
  res.setHeader('A', ['8', '9'])
  res.end()
})
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
