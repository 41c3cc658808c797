// A target that is too long is answered as a head is.
// versions: v13.14-
var server = http.createServer(note('request'))
talk(server, 'GET /' + repeat('a', 20000) + ' HTTP/1.1\r\nHost: a\r\n\r\n')
