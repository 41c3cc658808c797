// The names of pools.
// versions: v13.14-
var agent = new http.Agent()
log('name', agent.getName({}))
log('name', agent.getName({host: 'a.example', port: 80}))
log('name', agent.getName({host: 'a.example', port: 80, localAddress: '192.0.2.1'}))
log('name', agent.getName({host: 'a.example', port: 80, localAddress: '192.0.2.1', family: 6}))
log('name', agent.getName({host: 'a.example', port: 80, family: 4}))
log('name', agent.getName({socketPath: '/tmp/a'}))
done()
