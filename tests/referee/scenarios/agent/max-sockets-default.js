// The most connections to one server, unless something else is said.
log('limit', http.globalAgent.maxSockets)
done()
