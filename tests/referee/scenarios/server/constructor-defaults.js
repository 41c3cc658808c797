// The settings of a new server.
// versions: v13.14-
var server = http.createServer()
log('timeouts', server.headersTimeout, server.keepAliveTimeout, server.timeout)
log('listening', server.listening)
done()
