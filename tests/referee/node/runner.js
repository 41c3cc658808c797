// Runs a scenario on the Node that runs this file, of any version since 0.8. The
// raw peers live in the parent: commands go out as lines of JSON, calls of
// functions come in the same way.
var http = require('http'), fs = require('fs'), net = require('net'), os = require('os'), path = require('path'), file = process.argv[2];

function send() {
  var line = new Buffer_(JSON.stringify(Array.prototype.slice.call(arguments)) + '\n');
  for (var sent = 0; sent < line.length;) {
    try {
      sent += fs.writeSync(1, line, sent, line.length - sent, null);
    } catch (err) {
      if (err.code !== 'EAGAIN') throw err;
    }
  }
}

// A Buffer's constructor is deprecated where `from` exists.
function Buffer_(text, encoding) {
  return Buffer.from && Buffer.from !== Uint8Array.from ? Buffer.from(text, encoding) : new Buffer(text, encoding);
}

var functions = [];
function token(f) { return functions.push(f) - 1; }

// How values are logged.
function fault(err) { return String(err.code || err.name); }
function latin1(value) { return Buffer_(value).toString('binary'); }
function show(value) {
  if (value === undefined) return 'undefined';
  if (typeof value === 'function') return 'function';
  if (typeof value === 'string') return {text: value};
  if (Buffer.isBuffer(value)) return {text: value.toString('binary')};
  if (value instanceof Error) return fault(value);
  if (Array.isArray(value)) return {list: value.map(show)};
  if (value && typeof value === 'object') {
    if (value.on) return 'object';
    return {keys: Object.keys(value), values: Object.keys(value).map(function(k) { return show(value[k]); })};
  }
  return String(value);
}

// shown are the arguments of a listener that can be logged.
function shown(values) {
  return Array.prototype.slice.call(values).filter(function(value) {
    if (value === null || value === undefined) return false;
    return typeof value !== 'object' || Buffer.isBuffer(value) || value instanceof Error;
  }).map(show);
}

// The members that tell a state, by class.
var states = JSON.parse(process.env.REFEREE_STATES);
function classOf(emitter) {
  if (emitter instanceof http.ClientRequest) return 'ClientRequest';
  if (emitter instanceof http.ServerResponse) return 'ServerResponse';
  if (emitter instanceof http.IncomingMessage) return 'IncomingMessage';
  if (emitter instanceof net.Server) return 'Server';
  return 'Socket';
}

// isBodiless reports whether a request has no body: then it is complete from the
// beginning on nodehttp, on a Node soon after. A scenario of its own shows that.
function isBodiless(message) {
  return Boolean(message.method) && !('content-length' in message.headers) && !('transfer-encoding' in message.headers);
}

var servers = [], paths = 0, ended = false;

function Peer(id) { this.id = id; }
['write', 'end', 'reset', 'destroy', 'stop', 'read'].forEach(function(verb) {
  Peer.prototype[verb] = function(text) { send(verb, this.id, text || ''); };
});
Peer.prototype.until = function(text, f) { send('until', this.id, text, token(f)); };
Peer.prototype.closed = function(f) { send('closed', this.id, token(f)); };

var peers = {};
function peerOf(id) { return peers[id] || (peers[id] = new Peer(id)); }
function withPeer(f) { return token(function(id) { f(peerOf(id)); }); }

var globals = {
  http: http,
  net: net,
  serve: function(server, f, options) {
    function listening() {
      var port = server.address().port;
      if (port) send('port', port);
      if (f) f(port);
    }
    servers.push(server);
    if (options && options.path) server.listen(options.path, listening);
    else if (options) server.listen(options, listening);
    else server.listen(0, '127.0.0.1', listening);
  },
  unixPath: function() {
    return path.join((os.tmpdir || os.tmpDir)(), 'referee-' + process.pid + '-' + paths++ + '.sock');
  },
  agentWith: function(options, methods) {
    var agent = new http.Agent(options), own = agent.reuseSocket;
    for (var name in methods) agent[name] = methods[name];
    if (methods.reuseSocket) { // as in Go: beside what the agent does, not in its place
      agent.reuseSocket = function() {
        methods.reuseSocket.apply(this, arguments);
        own.apply(this, arguments);
      };
    }
    return agent;
  },
  dial: function(port, f) { send('dial', port, withPeer(f)); },
  talk: function(server, text, f) {
    globals.serve(server, function(port) {
      globals.dial(port, function(peer) {
        peer.write(text);
        if (f) f(peer);
        else peer.closed(globals.done);
      });
    });
  },
  answer: function(f, g) { send('answer', withPeer(f), token(g)); },
  relay: function(port, f) { send('relay', port, token(f)); },
  log: function(label) { send('log', label, Array.prototype.slice.call(arguments, 1).map(show)); },
  note: function(label) {
    return function() { send('log', label, Array.prototype.slice.call(arguments).map(show)); };
  },
  attempt: function(label, f) {
    var value;
    try {
      value = f();
    } catch (err) {
      send('log', label, ['throws ' + fault(err)]);
      return;
    }
    send('log', label, [show(value)]);
  },
  watch: function(emitter, label, events) {
    events.split(' ').forEach(function(event) {
      emitter.on(event, function() {
        if (event === 'data') {
          var value = arguments[0];
          send('piece', label + ' data', typeof value === 'string' ? latin1(value) : value.toString('binary'));
          return;
        }
        send('log', label + ' ' + event, shown(arguments));
      });
    });
  },
  states: function(thread) {
    var watched = [];
    function look(label, values) {
      send('log', thread + '.' + label, (values || []).concat(watched.map(function(w) {
        var names = states[classOf(w.emitter)].filter(function(name) {
          return w.emitter[name] || name === 'complete' && isBodiless(w.emitter);
        });
        return w.name + '(' + names.join(' ') + ')';
      })));
    }
    return {
      look: look,
      watch: function(emitter, name, events) {
        watched.push({emitter: emitter, name: name});
        events.split(' ').forEach(function(event) {
          emitter.on(event, function() { look(name + ' ' + event, shown(arguments)); });
        });
      }
    };
  },
  after: function(ms, f) { setTimeout(f, ms); },
  count: function(n, f) { return function() { if (--n === 0) f(); }; },
  pools: function(label, agent, named) {
    function counts(pool) {
      return Object.keys(pool || {}).filter(function(name) { return pool[name].length > 0; }).map(function(name) {
        return named ? name + ' ' + pool[name].length : pool[name].length;
      });
    }
    globals.log(label, counts(agent.requests), counts(agent.sockets), counts(agent.freeSockets));
  },
  repeat: function(text, n) { return new Array(n + 1).join(text); },
  bytes: function(text) { return Buffer_(text, 'binary'); },
  textOf: function(buffer) { return buffer.toString('binary'); },
  done: function() {
    if (ended) return;
    ended = true;
    servers.forEach(function(server) { if (server._handle) server.close(); });
    send('done');
  }
};

process.on('uncaughtException', function(err) {
  if (/is not defined|is not a function|has no method|[Cc]annot (read|set|call) |SyntaxError/.test(String(err))) send('log', 'failed: ' + err.stack, []);
  else send('log', 'uncaught', [fault(err)]);
});

var input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', function(chunk) {
  input += chunk;
  var lines = input.split('\n');
  input = lines.pop();
  lines.forEach(function(line) {
    var message = JSON.parse(line);
    if (message[0] === 'quit') {
      // What the peers' leaving brings about takes some turns of the loop.
      setTimeout(function() { process.exit(0); }, 150);
      return;
    }
    functions[message[1]].apply(null, message.slice(2));
  });
});
process.stdin.on('end', function() { process.exit(0); });
process.stdin.resume();

var names = Object.keys(globals);
var script = Function.apply(null, names.concat(fs.readFileSync(file, 'utf8')));
script.apply(null, names.map(function(name) { return globals[name]; }));
