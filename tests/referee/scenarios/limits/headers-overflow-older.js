// A head that is too long, for parsers that have no answer to it.
// versions: v0.8 v1.6
var server = http.createServer(note('request'))
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + repeat('a', 82000) + '\r\n\r\n')
