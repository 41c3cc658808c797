// getName needs no options.
// versions: v19.0-
var agent = new http.Agent()
attempt('name', function() { return agent.getName() })
done()
