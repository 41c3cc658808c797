// A CONNECT that nobody listens for ends the connection.
var server = http.createServer(note('request'))
talk(server, 'CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n')
