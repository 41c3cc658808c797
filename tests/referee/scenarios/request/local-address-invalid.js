// A local address must be one: a name is not looked up.
// versions: v13.14-
function ask(label, address) {
  attempt(label + '.get', function() {
    var req = http.get({host: '127.0.0.1', port: 1, agent: false, localAddress: address})
    watch(req, label + '.req', 'error')
  })
}
ask('nonsense', 'nonsense')
ask('name', 'localhost')
ask('brackets', '[::1]')
after(50, done)
