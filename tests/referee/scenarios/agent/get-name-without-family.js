// The names of pools.
// versions: v1.6-
var agent = new http.Agent()
log('name', agent.getName({}))
log('name', agent.getName({host: 'a.example', port: 80}))
log('name', agent.getName({host: 'a.example', port: 80, localAddress: '192.0.2.1'}))
done()
