// The settings that came last.
// versions: v19.0-
var server = http.createServer()
log('requestTimeout', server.requestTimeout, server.maxRequestsPerSocket)
done()
