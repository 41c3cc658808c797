// What lookup finds must be an IP address.
// versions: v19.0-
var req = http.get({host: 'a.example', agent: false, lookup: function(host, options, found) {
  after(1, function() { found(null, options.all ? [{address: 'nonsense', family: 4}] : 'nonsense', 4) })
}})
req.on('error', function(err) {
  log('req error', err.message, err.code)
  done()
})
