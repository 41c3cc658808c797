// A head that is too long is answered with 431.
// versions: v13.14-
var server = http.createServer(note('request'))
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + repeat('a', 20000) + '\r\n\r\n')
