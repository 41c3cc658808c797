// What an agent has if it is told nothing.
// versions: v19.0-
var agent = new http.Agent()
log('limits', agent.maxSockets, agent.maxFreeSockets, agent.maxTotalSockets)
log('pools', agent.sockets, agent.freeSockets, agent.requests)
done()
