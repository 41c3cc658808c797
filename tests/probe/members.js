// Which members there are: of the module, of each class, on an object of it or on its
// prototype, and which events fire in a number of exchanges.
'use strict';

var kit = require('./kit.js');
var http = require('http');
var net = require('net');

module.exports = function (ask, answer) {
  Object.getOwnPropertyNames(http).forEach(function (name) {
    if (name[0] !== '_') answer('http.' + name, true);
  });
  var classes = ['Agent', 'Client', 'ClientRequest', 'IncomingMessage', 'OutgoingMessage', 'Server', 'ServerResponse'];
  function of(name) { return name === 'Socket' ? net.Socket : http[name]; }
  function names(object, each) {
    for (var o = object; o && o !== Object.prototype; o = Object.getPrototypeOf(o)) Object.getOwnPropertyNames(o).forEach(each);
  }
  function members(name, object) {
    names(object, function (member) {
      if (member[0] !== '_' && member !== 'constructor') answer(name + '.' + member, true);
    });
    var symbols = Object.getOwnPropertySymbols;
    for (var o = object; symbols && o && o !== Object.prototype; o = Object.getPrototypeOf(o)) {
      symbols(o).forEach(function (s) {
        var found = /^Symbol\((Symbol\.\w+)\)$/.exec(String(s));
        if (found) answer(name + '.' + found[1], true);
      });
    }
  }
  // A message that is sent has the pipe of all streams unless it has one that refuses.
  answer('OutgoingMessage.pipe', Object.prototype.hasOwnProperty.call(http.OutgoingMessage.prototype, 'pipe'));
  classes.concat('Socket').forEach(function (name) {
    if (of(name)) members(name, of(name).prototype);
  });
  // What an object has is a member of its own class, not of that class's parent.
  function look(o) {
    if (!o) return;
    var most;
    classes.concat('Socket').forEach(function (name) {
      if (of(name) && o instanceof of(name) && !(most && of(most).prototype instanceof of(name))) most = name;
    });
    if (most) members(most, o);
    ['connection', 'socket'].forEach(function (member) { // which it has once it has one
      if (o instanceof http.OutgoingMessage && o[member]) answer('OutgoingMessage.' + member, true);
    });
  }
  look(new http.OutgoingMessage());
  if (http.createClient) {
    var client0 = http.createClient(80, 'localhost');
    names(client0, function (member) { if (member[0] !== '_') answer('Client.' + member, true); });
  }

  function defaults(name, object, list) {
    list.forEach(function (member) {
      var value = object[member];
      if (value === null || typeof value === 'object' || typeof value === 'function') return;
      if (member in object && value !== undefined) answer(name + '.' + member + ' default', value);
    });
  }

  var agent = new http.Agent();
  look(agent);
  defaults('Agent', agent, ['maxSockets', 'maxFreeSockets', 'maxTotalSockets', 'scheduling', 'keepAlive', 'keepAliveMsecs', 'defaultPort', 'protocol']);
  if (agent.options) answer('Agent.timeout default', agent.options.timeout === undefined ? 0 : agent.options.timeout);
  if (http.globalAgent) {
    defaults('globalAgent', http.globalAgent, ['maxSockets', 'maxFreeSockets', 'maxTotalSockets', 'scheduling', 'keepAlive', 'keepAliveMsecs']);
    if (http.globalAgent.options) answer('globalAgent.timeout default', http.globalAgent.options.timeout || 0);
  }
  if ('maxHeaderSize' in http) answer('http.maxHeaderSize default', http.maxHeaderSize);
  var fresh = http.createServer();
  look(fresh);
  defaults('Server', fresh, ['headersTimeout', 'keepAliveTimeout', 'keepAliveTimeoutBuffer', 'maxRequestsPerSocket', 'requestTimeout', 'timeout',
    'noDelay', 'keepAlive', 'keepAliveInitialDelay', 'connectionsCheckingInterval', 'insecureHTTPParser', 'highWaterMark',
    'joinDuplicateHeaders', 'requireHostHeader', 'rejectNonStandardBodyWrites', 'optimizeEmptyRequests']);

  // Whether a limit that is set counts, where there is no property before.
  var few = 'a: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n';
  ask('Server.maxHeadersCount', function (tell) {
    kit.server(function (request, response) {
      tell(Object.keys(request.headers).length === 2);
      response.end();
    }, function (port, server) {
      server.maxHeadersCount = 2;
      kit.say(port, 'GET / HTTP/1.1\r\nHost: a\r\n' + few + '\r\n', function () {});
    });
  });
  ask('ClientRequest.maxHeadersCount', function (tell) {
    kit.peer('HTTP/1.1 200 OK\r\n' + few + '\r\n', function (port) {
      var request = kit.request(port, {}, function (response) {
        tell(Object.keys(response.headers).length === 2);
        response.on('data', function () {});
      });
      request.maxHeadersCount = 2;
      request.end();
    });
  });

  // How many fields of a message are kept, of as many as fit into the shortest head that
  // is the limit of a Node.
  var many = '';
  for (var i = 0; i < 1200; i++) many += (100 + i).toString(36) + ':\r\n';
  ask('Server.maxHeadersCount default', function (tell) {
    kit.server(function (request, response) {
      tell(Object.keys(request.headers).length);
      response.end();
    }, function (port) { kit.say(port, 'GET / HTTP/1.1\r\nHost: a\r\n' + many + '\r\n', function () {}); });
  });
  ask('ClientRequest.maxHeadersCount default', function (tell) {
    kit.peer('HTTP/1.1 200 OK\r\n' + many + '\r\n', function (port) {
      kit.request(port, {}, function (response) {
        tell(Object.keys(response.headers).length);
        response.on('data', function () {});
      }).end();
    });
  });

  // The events that the exchanges surely cause in a Node that has them.
  var certain = ["ClientRequest 'abort'", "ClientRequest 'close'", "ClientRequest 'connect'", "ClientRequest 'continue'", "ClientRequest 'error'", "ClientRequest 'finish'",
    "ClientRequest 'information'", "ClientRequest 'response'", "ClientRequest 'socket'", "ClientRequest 'timeout'", "ClientRequest 'upgrade'", "IncomingMessage 'aborted'",
    "IncomingMessage 'close'", "IncomingMessage 'data'", "IncomingMessage 'end'", "IncomingMessage 'readable'", "OutgoingMessage 'finish'", "OutgoingMessage 'prefinish'",
    "Server 'checkContinue'", "Server 'checkExpectation'", "Server 'clientError'", "Server 'close'", "Server 'connect'", "Server 'connection'", "Server 'dropRequest'",
    "Server 'listening'", "Server 'request'", "Server 'upgrade'", "ServerResponse 'close'", "ServerResponse 'finish'", "Socket 'agentRemove'"];

  // Each exchange makes events; at the end all that were seen are told.
  function client(options, body, then) {
    return function (port) {
      var request = kit.request(port, options, function (response) {
        look(response);
        look(response.socket);
        response.on('data', function () {});
        response.on('end', function () { look(response); look(request); });
        kit.quiet(response);
        if (then) then(response);
      });
      look(request);
      request.on('socket', look);
      if (body) request.write(body);
      if (options.path === '/hang' && request.setTimeout) request.setTimeout(60);
      if (body !== null) request.end();
      return request;
    };
  }
  var piece = new Array(100000).join('x');

  ask('exchanges', function (tell) {
    var server = kit.server(function (request, response) {
      look(request); look(response); look(request.connection); look(request.socket);
      kit.quiet(request); kit.quiet(response);
      request.on('data', function () {});
      request.on('readable', function () { if (request.read) request.read(); });
      request.on('end', function () { look(request); });
      if (request.url === '/hang') {
        if (request.setTimeout) request.setTimeout(40, function () {});
        if (response.setTimeout) response.setTimeout(40, function () {});
        return;
      }
      for (var i = 0; i < 8; i++) response.write(piece);
      response.on('finish', function () { look(response); });
      response.on('close', function () { look(response); });
      response.end();
    }, function (port) {
      client({method: 'POST'}, 'body')(port);
      client({method: 'POST'}, piece)(port);
      var hung = client({path: '/hang'}, '')(port);
      kit.later(function () { hung.destroy ? hung.destroy() : hung.abort(); }, 150);
      var aborted = client({path: '/hang'}, '')(port);
      kit.later(function () { aborted.abort(); }, 30);
      kit.say(port, 'no HTTP\r\n\r\n', function () {});
      kit.say(port, 'POST /hang HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhi', function () {}, 100);
      kit.say(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\n', function () {});
      kit.say(port, 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', function () {});
      kit.say(port, 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n', function () {});
      kit.say(port, 'POST / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nContent-Length: 1\r\n\r\n', function () {});
    });
    ['upgrade', 'connect'].forEach(function (event) { server.on(event, function (r, socket) { socket.destroy(); }); });
    server.on('clientError', function (err, socket) { if (socket) socket.destroy(); });
    server.on('checkContinue', function (request, response) { response.writeContinue(); response.end(); });
    server.on('checkExpectation', function (request, response) { response.end(); });
    // Apart from the others, which a slow machine would have time out, too.
    var idle = kit.server(function () {}, function (port) { kit.say(port, 'GET', function () {}); });
    if (idle.setTimeout) idle.setTimeout(60, function (socket) { socket.destroy(); });

    var few = kit.server(function (request, response) { response.end(); }, function (port) {
      kit.say(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n', function () {});
    });
    few.maxRequestsPerSocket = 1;
    kit.later(function () { few.close(); });

    kit.peer('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', client({headers: {Expect: '100-continue'}}, ''));
    kit.peer('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', client({}, ''));
    kit.peer('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', client({}, ''), function (socket) { kit.later(function () { socket.destroy(); }, 50); });
    kit.peer('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', client({}, '', function (response) { if (response.setTimeout) response.setTimeout(40, function () {}); }));
    kit.peer('HTTP/1.1 101 Up\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\n', function (port) {
      client({headers: {Connection: 'Upgrade', Upgrade: 'a'}}, '')(port).on('upgrade', function (response, socket) { look(response); socket.destroy(); });
    });
    kit.peer('HTTP/1.1 200 OK\r\n\r\n', function (port) {
      client({method: 'CONNECT'}, '')(port).on('connect', function (response, socket) { socket.destroy(); });
    });
    kit.later(function () {
      kit.seen.forEach(function (pair) {
        classes.concat('Socket').forEach(function (name) {
          if (of(name) && pair[0] instanceof of(name)) answer(name + " '" + pair[1] + "'", true);
        });
      });
      certain.forEach(function (name) { answer(name, false); });
      tell(undefined);
    }, 900);
  });
};
