// What an agent of older versions has if it is told nothing.
// versions: v1.6 v13.14
var agent = new http.Agent()
log('limits', agent.maxSockets, agent.maxFreeSockets)
log('pools', agent.sockets, agent.freeSockets, agent.requests)
done()
