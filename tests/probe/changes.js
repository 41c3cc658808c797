// What the histories of members tell: one question for each change, by the member, the
// kind of change and, counted from the oldest, which of them it is.
'use strict';

var kit = require('./kit.js');
var http = require('http');
var net = require('net');

var get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

module.exports = function (ask, answer) {
  // served asks it of the request and response of an exchange.
  function served(name, question) {
    ask(name, function (tell) {
      kit.server(function (request, response) {
        kit.quiet(request);
        kit.quiet(response);
        var value;
        try {
          value = question(request, response, tell);
        } catch (err) {
          value = false;
        }
        if (value !== 'later') tell(value);
        kit.later(function () { try { response.end(); } catch (err) { } }, 300);
      }, function (port) { kit.say(port, get, function () {}, 600); });
    });
  }
  served('OutgoingMessage.end signature 1', function (request, response, tell) {
    response.end('x', 'binary', function () { tell(true); });
    kit.later(function () { tell(false); }, 200);
    return 'later';
  });
  served('OutgoingMessage.end signature 2', function (request, response) { return response.end() === response; });
  served('OutgoingMessage.write signature 1', function (request, response, tell) {
    response.write('x', 'binary', function () { tell(true); });
    kit.later(function () { tell(false); }, 200);
    return 'later';
  });
  served('OutgoingMessage.write type 1', function (request, response) {
    if (typeof Uint8Array === 'undefined') return false;
    return response.write(new Uint8Array(2)) !== undefined;
  });
  served('OutgoingMessage.end type 1', function (request, response) {
    if (typeof Uint8Array === 'undefined') return false;
    response.end(new Uint8Array(2));
    return true;
  });
  served('ServerResponse.writeHead signature 2', function (request, response) { return response.writeHead(200) === response; });
  served('ServerResponse.writeHead behaviour 1', function (request, response) {
    try {
      response.writeHead(1000);
    } catch (err) {
      return err instanceof RangeError;
    }
    return false;
  });
  served('IncomingMessage.destroy signature 1', function (request) { return request.destroy() === request; });
  ask('ServerResponse.writeHead type 1', function (tell) {
    kit.server(function (request, response) {
      try {
        response.writeHead(200, ['X-A', '1', 'X-B', '2']);
        response.end();
      } catch (err) {
        tell(false);
      }
    }, function (port) {
      kit.say(port, get, function (heard) { tell(kit.value(heard, 'x-a') === '1' && kit.value(heard, 'x-b') === '2'); });
    });
  });
  ask('ClientRequest.destroy signature 1', function (tell) {
    kit.peer('', function (port) {
      var request = kit.request(port, {});
      tell(request.destroy() === request);
    });
  });
  ask("Server 'clientError' signature 1", function (tell) {
    kit.server(function () {}, function (port, server) {
      server.on('clientError', function (err, socket) {
        tell(socket instanceof net.Socket);
        if (socket) socket.destroy();
      });
      kit.say(port, 'no HTTP\r\n\r\n', function () {});
    });
  });
  ask("Server 'clientError' behaviour 3", function (tell) {
    kit.server(function () {}, function (port, server) {
      server.on('clientError', function (err, socket) {
        tell(err.rawPacket instanceof Buffer);
        if (socket) socket.destroy();
      });
      kit.say(port, 'no HTTP\r\n\r\n', function () {});
    });
  });
  ask('Server.close signature 1', function (tell) {
    kit.server(function () {}, function (port, server) {
      server.close(function () { tell(true); });
      kit.later(function () { tell(false); }, 200);
    });
  });
  ask("IncomingMessage 'close' behaviour 1", function (tell) {
    kit.server(function (request, response) { response.end('x'); }, function (port) {
      kit.request(port, {}, function (response) {
        var closed = false;
        response.on('close', function () { closed = true; });
        response.on('data', function () {});
        kit.later(function () { tell(closed); }, 150);
      }).end();
    });
  });
  ask('Agent.getName signature 1', function (tell) {
    var agent = new http.Agent();
    if (!agent.getName) return tell(undefined);
    try {
      agent.getName();
      tell(true);
    } catch (err) {
      tell(false);
    }
  });
  ['freeSockets', 'requests', 'sockets'].forEach(function (name) {
    var object = new http.Agent()[name];
    if (object) answer('Agent.' + name + ' type ' + (name === 'sockets' ? 2 : 1), Object.getPrototypeOf(object) === null);
  });
  ask('ClientRequest.aborted type 1', function (tell) {
    kit.peer('', function (port) {
      var request = kit.request(port, {});
      request.abort();
      tell('aborted' in request ? typeof request.aborted === 'boolean' : undefined);
    });
  });
  served('IncomingMessage.headers behaviour 1', function (request) {
    return !Object.prototype.hasOwnProperty.call(request, 'headers');
  });
  function arrives(name, make) {
    ask(name, function (tell) {
      kit.peer('', function (port) {
        try {
          kit.quiet(make(port)).end();
        } catch (err) {
          tell(false);
        }
        kit.later(function () { tell(false); }, 400);
      }, function (socket) {
        tell(socket.heard.indexOf('GET /path') === 0);
        socket.destroy();
      });
    });
  }
  ['request', 'get'].forEach(function (name) {
    arrives('http.' + name + ' type 1', function (port) { return http[name]('http://127.0.0.1:' + port + '/path'); });
    arrives('http.' + name + ' type 3', function (port) {
      var URL = require('url').URL;
      return http[name](new URL('http://127.0.0.1:' + port + '/path'));
    });
    arrives('http.' + name + ' signature 1', function (port) { return http[name]('http://127.0.0.1:' + port + '/', {path: '/path'}); });
  });
  ask('Server.setTimeout behaviour 1', function (tell) {
    var server = http.createServer();
    tell('timeout' in server ? server.timeout === 0 : undefined);
  });
};
