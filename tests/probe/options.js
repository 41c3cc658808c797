// Which options count: each is given, and its effect looked for.
'use strict';

var kit = require('./kit.js');
var http = require('http');
var net = require('net');
var fs = require('fs');
var dns = require('dns');

module.exports = function (ask, answer) {
  function option(of, name, question) { ask('options.' + of + '.' + name, question); }

  // Options of requests.
  function sent(name, options, judge, before) {
    option('http.request', name, function (tell) {
      kit.heard(options, function (text, err) { tell(judge(text, err)); }, before);
    });
  }
  sent('auth', {auth: 'a:b'}, function (text) { return kit.value(text, 'authorization') === 'Basic YTpi'; });
  sent('headers', {headers: {'X-A': '1'}}, function (text) { return kit.value(text, 'x-a') === '1'; });
  sent('method', {method: 'PUT'}, function (text) { return text.indexOf('PUT ') === 0; });
  sent('path', {path: '/p'}, function (text) { return text.indexOf('GET /p ') === 0; });
  sent('host', {host: '127.0.0.1'}, function (text) { return text !== ''; });
  sent('hostname', {host: 'nowhere.invalid', hostname: '127.0.0.1'}, function (text) { return text !== ''; });
  sent('setHost', {setHost: false}, function (text) { return text !== '' && kit.value(text, 'host') === undefined; });
  sent('uniqueHeaders', {uniqueHeaders: ['x-a']}, function (text) { return kit.lines(text, 'x-a').length === 1; },
    function (request) { request.setHeader('X-A', ['1', '2']); });
  sent('setDefaultHeaders', {setDefaultHeaders: false}, function (text) { return text !== '' && kit.value(text, 'connection') === undefined; });
  option('http.request', 'protocol', function (tell) {
    try {
      kit.quiet(http.request({protocol: 'gopher:', host: '127.0.0.1', port: 1})).abort();
      tell(false);
    } catch (err) {
      tell(true);
    }
  });
  option('http.request', 'port', function (tell) {
    kit.server(function (request, response) { response.end(); tell(true); }, function (port) { kit.request(port, {}).end(); });
  });
  option('http.request', 'agent', function (tell) {
    kit.peer('', function (port) {
      var agent = new http.Agent();
      var request = kit.request(port, {agent: agent});
      request.end();
      kit.later(function () { tell(request.agent === agent || !!(agent.sockets && Object.keys(agent.sockets).length)); request.abort(); }, 100);
    });
  });
  option('http.request', 'defaultPort', function (tell) {
    kit.peer('', function (port) {
      kit.quiet(http.request({host: '127.0.0.1', defaultPort: port, agent: false})).end();
    }, function (socket) { tell(true); socket.destroy(); });
    kit.later(function () { tell(false); }, 800);
  });
  option('http.request', 'createConnection', function (tell) {
    kit.peer('', function (port) {
      var called = false;
      function connect() { called = true; return net.connect(port, '127.0.0.1'); }
      kit.request(port, {agent: undefined, createConnection: connect}).end();
      kit.request(port, {agent: false, createConnection: connect}).end();
      kit.later(function () { tell(called); }, 200);
    });
  });
  option('http.request', 'localAddress', function (tell) {
    var server = kit.server(function (request, response) { tell(request.connection.remoteAddress === '127.0.0.2'); response.end(); },
      function (port) { kit.request(port, {localAddress: '127.0.0.2'}).end(); });
    server.unref && server.unref();
  });
  option('http.request', 'localPort', function (tell) {
    var spare = net.createServer().listen(0, '127.0.0.1', function () {
      var free = spare.address().port;
      spare.close();
      kit.server(function (request, response) { tell(request.connection.remotePort === free); response.end(); },
        function (port) { kit.request(port, {localPort: free}).end(); });
    });
  });
  option('http.request', 'socketPath', function (tell) {
    var path = '/tmp/probe-' + process.pid + '.sock';
    var server = http.createServer(function (request, response) { response.end(); tell(true); try { fs.unlinkSync(path); } catch (err) { } });
    server.listen(path, function () { kit.quiet(http.request({socketPath: path, agent: false})).end(); });
  });
  // What is asked of the resolver.
  function resolved(name, options, judge) {
    option('http.request', name, function (tell) {
      kit.peer('', function (port) {
        var all = {host: 'probe.' + name, agent: false, port: port};
        for (var o in options) all[o] = options[o];
        kit.quiet(http.request(all)).end();
        kit.later(function () { tell(judge(asked['probe.' + name])); }, 200);
      });
    });
  }
  var asked = {}, lookup = dns.lookup;
  dns.lookup = function (host, options, callback) {
    if (!/^probe\./.test(host)) return lookup.apply(dns, arguments);
    asked[host] = options;
    callback = callback || options;
    setTimeout(function () { callback(null, '127.0.0.1', 4); }, 1);
  };
  resolved('family', {family: 6}, function (options) { return options === 6 || !!options && options.family === 6; });
  resolved('hints', {hints: 32}, function (options) { return !!options && options.hints === 32; });
  option('http.request', 'lookup', function (tell) {
    kit.peer('', function (port) {
      var called = false;
      kit.quiet(http.request({host: 'probe.own', agent: false, port: port, lookup: function (host, options, callback) {
        called = true;
        callback(null, options && options.all ? [{address: '127.0.0.1', family: 4}] : '127.0.0.1', 4);
      }})).end();
      kit.later(function () { tell(called); }, 200);
    });
  });
  option('http.request', 'timeout', function (tell) {
    kit.peer('', function (port) {
      var told = false;
      var request = kit.request(port, {timeout: 60});
      request.on('timeout', function () { told = true; });
      request.end();
      kit.later(function () { tell(told); request.abort(); }, 400);
    });
  });
  option('http.request', 'signal', function (tell) {
    if (typeof AbortController === 'undefined') {
      // v14 has signals behind a flag, and looks for the interface alone
      var listeners = [];
      var signal = {aborted: false, addEventListener: function (e, f) { listeners.push(f); }, removeEventListener: function () {}};
      kit.peer('', function (port) {
        kit.request(port, {signal: signal}).end();
        kit.later(function () { tell(listeners.length > 0); }, 100);
      });
      return;
    }
    var controller = new AbortController(); // eslint-disable-line
    kit.peer('', function (port) {
      var failed = false;
      var request = kit.request(port, {signal: controller.signal});
      request.on('error', function (err) { failed = err.name === 'AbortError'; });
      request.end();
      controller.abort();
      kit.later(function () { tell(failed); request.abort(); }, 250);
    });
  });
  function answered(name, options, text, judge) {
    option('http.request', name, function (tell) {
      kit.peer(text, function (port) {
        var outcome = 'none';
        var request = kit.request(port, options, function (response) { outcome = response; response.resume && response.resume(); });
        request.on('error', function (err) { if (outcome === 'none') outcome = 'error'; });
        request.end();
        kit.later(function () { tell(judge(outcome)); request.abort(); }, 300);
      });
    });
  }
  var big = new Array(300).join('0123456789');
  answered('maxHeaderSize', {maxHeaderSize: 1000}, 'HTTP/1.1 200 OK\r\nX-A: ' + big + '\r\nContent-Length: 0\r\n\r\n', function (outcome) { return outcome === 'error'; });
  answered('insecureHTTPParser', {insecureHTTPParser: true}, 'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n', function (outcome) {
    return strict ? typeof outcome === 'object' : false;
  });
  answered('joinDuplicateHeaders', {joinDuplicateHeaders: true}, 'HTTP/1.1 200 OK\r\nFrom: a\r\nFrom: b\r\nContent-Length: 0\r\n\r\n', function (outcome) {
    return typeof outcome === 'object' && outcome.headers.from === 'a, b';
  });
  // Whether the parser is strict unless it is asked not to be: of old ones nothing can be seen.
  var strict = true;
  kit.peer('HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n', function (port) {
    kit.request(port, {}, function (response) { strict = false; response.resume && response.resume(); }).end();
  });

  // Options of servers: most are to be seen on the server.
  function shown(name, value, kept) {
    option('http.createServer', name, function (tell) {
      var options = {};
      options[name] = value;
      try {
        tell(http.createServer(options)[name] === (kept || value));
      } catch (err) {
        tell(false); // which takes no options
      }
    });
  }
  ['headersTimeout', 'keepAliveTimeout', 'keepAliveTimeoutBuffer', 'connectionsCheckingInterval'].forEach(function (name) { shown(name, 40007); });
  shown('requestTimeout', 400007); // no shorter than the other
  shown('keepAliveInitialDelay', 2000, 2); // which is kept in seconds
  ['keepAlive', 'insecureHTTPParser', 'joinDuplicateHeaders', 'rejectNonStandardBodyWrites'].forEach(function (name) { shown(name, true); });
  ['noDelay', 'requireHostHeader'].forEach(function (name) { shown(name, false); });
  shown('highWaterMark', 4000);
  function serving(name, value, text, judge, handler) {
    option('http.createServer', name, function (tell) {
      var options = {};
      options[name] = value;
      try {
        kit.server(handler || function (request, response) { response.end('ok'); }, function (port) {
          kit.say(port, text, function (heard) { tell(judge(heard)); });
        }, options);
      } catch (err) {
        tell(false);
      }
    });
  }
  var get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  serving('maxHeaderSize', 1000, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + big + '\r\n\r\n', function (heard) { return heard.indexOf('200') < 0; });
  serving('uniqueHeaders', ['x-a'], get, function (heard) { return kit.lines(heard, 'x-a').length === 1; }, function (request, response) {
    response.setHeader('X-A', ['1', '2']);
    response.end();
  });
  serving('optimizeEmptyRequests', true, get, function (heard) { return kit.value(heard, 'x-ended') === 'true'; }, function (request, response) {
    response.setHeader('X-Ended', String(request.readableEnded === true || !!request._readableState && request._readableState.ended && request._dumped === true));
    response.end();
  });
  ['IncomingMessage', 'ServerResponse'].forEach(function (name) {
    option('http.createServer', name, function (tell) {
      function Own() { http[name].apply(this, arguments); }
      require('util').inherits(Own, http[name]);
      var options = {};
      options[name] = Own;
      try {
        kit.server(function (request, response) {
          tell((name === 'IncomingMessage' ? request : response) instanceof Own);
          response.end();
        }, function (port) { kit.say(port, get, function () {}); }, options);
      } catch (err) {
        tell(false);
      }
    });
  });

  // Options of agents.
  var given = {keepAlive: true, keepAliveMsecs: 77, maxSockets: 7, maxTotalSockets: 8, maxFreeSockets: 9, scheduling: 'lifo'};
  ['fifo', 'lifo'].forEach(function (scheduling) {
    given.scheduling = scheduling;
    var agent;
    try {
      agent = new http.Agent(given);
    } catch (err) {
      return;
    }
    for (var name in given) {
      if (agent[name] !== given[name]) answer('options.Agent.' + name, false);
    }
    if (scheduling === 'lifo') for (name in given) answer('options.Agent.' + name, true);
  });
  option('Agent', 'timeout', function (tell) {
    kit.peer('', function (port) {
      var agent = new http.Agent({timeout: 60}), told = false;
      var request = kit.request(port, {agent: agent});
      request.on('timeout', function () { told = true; });
      request.end();
      kit.later(function () { tell(told); request.abort(); }, 400);
    });
  });
  ['createConnection', 'keepSocketAlive', 'reuseSocket'].forEach(function (name) {
    answer('options.Agent.' + name, typeof http.Agent.prototype[name] === 'function' || typeof new http.Agent()[name] === 'function');
  });

  // Options of listen.
  function listening(name, options, judge, before) {
    option('Server.listen', name, function (tell) {
      var server = kit.quiet(http.createServer());
      try {
        if (before) before(options);
        server.listen(options, function () { tell(judge(server)); });
        kit.later(function () { tell(false); server.close(); }, 600);
      } catch (err) {
        tell(false);
      }
    });
  }
  listening('port', {port: 0}, function (server) { return typeof server.address() === 'object' && server.address().port > 0; });
  listening('host', {port: 0, host: '127.0.0.1'}, function (server) { return server.address().address === '127.0.0.1'; });
  ['path', 'readableAll', 'writableAll'].forEach(function (name) {
    var path = '/tmp/probe-' + process.pid + '-' + name, options = {path: path};
    options[name] = name === 'path' ? path : true;
    listening(name, options, function (server) {
      var mode = fs.statSync(path).mode & 511;
      server.close();
      return name === 'path' || (mode & (name === 'readableAll' ? 4 : 2)) !== 0;
    }, function () { process.umask(63); });
  });
};
