// A request that shouldUpgradeCallback takes for an upgrade closes its connection if nobody listens.
// versions: v26.5-
var server = http.createServer({shouldUpgradeCallback: function() { return true }}, function(req, res) { res.end('plain') })
talk(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
