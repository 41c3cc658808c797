// Without a listener of 'clientError' the answer is 400.
var server = http.createServer(note('request'))
talk(server, 'GET / FOO/1.1\r\n\r\n')
