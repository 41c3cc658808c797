// What no member shows: one question for each behaviour of the model.
'use strict';

var kit = require('./kit.js');
var http = require('http');

var get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
var upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\n';

module.exports = function (ask) {
  var questions = {
    highWaterMark: function (tell) {
      kit.server(function (request, response) {
        response.end();
        tell(response.writableHighWaterMark);
      }, function (port) { kit.say(port, get, function () {}); });
    },
    agentPerOrigin: function (tell) {
      var one = kit.quiet(http.request({port: 1, host: '127.0.0.1'})), other = kit.quiet(http.request({port: 2, host: '127.0.0.1'}));
      tell(one.agent !== other.agent);
      one.abort();
      other.abort();
    },
    upgradeUnheardCloses: function (tell) {
      kit.server(function (request, response) { response.end(); }, function (port) {
        kit.say(port, upgrade, function (heard, closed) { tell(heard === '' && closed); });
      });
    },
    upgradeUnasked: function (tell) {
      kit.peer('HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: a\r\nContent-Length: 0\r\n\r\n', function (port) {
        var request = kit.request(port, {}, function (response) { tell(false); });
        request.on('upgrade', function (response, socket) { tell(true); socket.destroy(); });
        request.end();
      });
    },
    upgradeAnyStatus: function (tell) {
      kit.peer('HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: a\r\nContent-Length: 0\r\n\r\n', function (port) {
        var request = kit.request(port, {headers: {Connection: 'Upgrade', Upgrade: 'a'}}, function (response) { tell(false); });
        request.on('upgrade', function (response, socket) { tell(true); socket.destroy(); });
        request.end();
      });
    },
    clientErrorCloses: function (tell) {
      kit.server(function () {}, function (port, server) {
        var told = false;
        server.on('clientError', function () { told = true; });
        kit.say(port, 'no HTTP\r\n\r\n', function (heard, closed) { tell(told ? closed : undefined); });
      });
    },
    clientErrorAnswers: function (tell) {
      kit.server(function () {}, function (port) {
        kit.say(port, 'no HTTP\r\n\r\n', function (heard) { tell(/^HTTP\/1.1 4/.test(heard)); });
      });
    },
    overflowAnswers: function (tell) {
      kit.server(function () {}, function (port) {
        kit.say(port, 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + new Array(100000).join('x') + '\r\n\r\n', function (heard) { tell(/^HTTP\/1.1 431/.test(heard)); });
      });
    },
    expectationAnswers: function (tell) {
      kit.server(function (request, response) { response.end(); }, function (port) {
        kit.say(port, 'GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n', function (heard) { tell(/^HTTP\/1.1 417/.test(heard)); });
      });
    },
    closeEndsIdle: function (tell) {
      kit.server(function (request, response) { response.end('x'); }, function (port, server) {
        kit.say(port, get, function (heard, closed) { tell(closed); }, 500);
        kit.later(function () { server.close(); }, 200);
      });
    },
    keepAliveField: function (tell) {
      kit.server(function (request, response) { response.end('x'); }, function (port) {
        kit.say(port, get, function (heard) { tell(kit.value(heard, 'keep-alive') !== undefined); });
      });
    },
    closeTellsEnd: function (tell) {
      kit.server(function (request, response) {
        var closed = false;
        response.on('close', function () { closed = true; });
        response.end('x');
        kit.later(function () { tell(closed); }, 150);
      }, function (port) { kit.say(port, get, function () {}); });
    },
    cutMessageErrors: function (tell) {
      kit.peer('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', function (port) {
        kit.request(port, {}, function (response) {
          var failed = false;
          response.on('error', function () { failed = true; });
          response.on('data', function () {});
          kit.later(function () { tell(failed); });
        }).end();
      }, function (socket) { kit.later(function () { socket.destroy(); }, 60); });
    },
    consumedDestroyed: function (tell) {
      kit.server(function (request, response) {
        request.on('data', function () {});
        request.on('end', function () {
          response.end();
          kit.later(function () { tell('destroyed' in request ? request.destroyed : undefined); }, 100);
        });
      }, function (port) { kit.say(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi', function () {}, 400); });
    },
    leftRequestAlone: function (tell) {
      if (typeof Symbol === 'undefined' || !Symbol.asyncIterator || !http.IncomingMessage.prototype[Symbol.asyncIterator]) return tell(undefined);
      kit.server(function (request, response) {
        kit.quiet(request);
        var loop = request[Symbol.asyncIterator]();
        function leave() { loop['return']().then(function () { response.end('left'); }, function () { response.end('left'); }); }
        loop.next().then(leave, leave);
      }, function (port) {
        kit.say(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhi', function (heard) { tell(/left/.test(heard)); });
      });
    },
    flowsAtOnce: function (tell) {
      kit.server(function (request, response) {
        kit.later(function () {
          var body = '';
          request.on('data', function (chunk) { body += chunk; });
          kit.later(function () { tell(body === ''); response.end(); }, 50);
        }, 60);
      }, function (port) { kit.say(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi', function () {}); });
    },
    cutResponseEnds: function (tell) {
      kit.peer('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', function (port) {
        kit.request(port, {}, function (response) {
          var ended = false;
          kit.quiet(response);
          response.on('end', function () { ended = true; });
          response.on('data', function () {});
          kit.later(function () { tell(ended); });
        }).end();
      }, function (socket) { kit.later(function () { socket.destroy(); }, 60); });
    },
    impliedLength: function (tell) {
      kit.server(function (request, response) { response.end('hi'); }, function (port) {
        kit.say(port, get, function (heard) { tell(kit.value(heard, 'content-length') === '2'); });
      });
    },
    listensIPv6: function (tell) {
      var server = kit.quiet(http.createServer());
      server.listen(0, function () { tell(server.address().address === '::'); server.close(); });
    },
    poolNamesLocal: function (tell) {
      kit.peer('', function (port) {
        var agent = new http.Agent();
        var request = kit.request(port, {agent: agent});
        request.on('socket', function () {
          kit.later(function () { tell(Object.keys(agent.sockets)[0].split(':').length > 2); request.abort(); }, 20);
        });
        request.end();
      });
    },
    keepAliveAsked: function (tell) {
      var agent = new http.Agent({keepAlive: true, maxSockets: 5});
      kit.heard({agent: agent}, function (text) { tell(kit.value(text, 'connection') === 'keep-alive'); });
    },
    keepAliveUseful: function (tell) {
      var agent = new http.Agent({keepAlive: false});
      agent.maxSockets = Infinity;
      kit.heard({agent: agent}, function (text) { tell(kit.value(text, 'connection') === 'close'); });
    },
    removedStay: function (tell) {
      kit.server(function (request, response) {
        response.setHeader('Date', 'now');
        response.removeHeader('Date');
        response.end();
      }, function (port) {
        kit.say(port, get, function (heard) { tell(kit.value(heard, 'date') === undefined); });
      });
    },
    credentialsDecoded: function (tell) {
      kit.peer('', function (port) {
        kit.quiet(http.get('http://a%40:b@127.0.0.1:' + port + '/'));
      }, function (socket) {
        tell(kit.value(socket.heard, 'authorization') === 'Basic YUA6Yg==');
        socket.destroy();
      });
    },
    cookiesJoined: function (tell) {
      kit.heard({}, function (text) { tell(kit.lines(text, 'cookie').length === 1); }, function (request) { request.setHeader('Cookie', ['a=1', 'b=2']); });
    },
    deleteMayBeEmpty: function (tell) {
      kit.heard({method: 'DELETE'}, function (text) {
        tell(kit.value(text, 'transfer-encoding') === undefined && kit.value(text, 'content-length') === undefined);
      });
    },
    traceMayBeEmpty: function (tell) {
      kit.heard({method: 'TRACE'}, function (text) {
        tell(kit.value(text, 'transfer-encoding') === undefined && kit.value(text, 'content-length') === undefined);
      });
    },
    responseClosesFirst: function (tell) {
      kit.server(function (request, response) {
        var order = [];
        kit.quiet(request);
        kit.quiet(response);
        request.on('close', function () { order.push('request'); });
        response.on('close', function () { order.push('response'); });
        kit.later(function () { tell(order.length === 2 ? order[0] === 'response' : undefined); }, 250);
      }, function (port) { kit.say(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhi', function () {}, 60); });
    },
    hangUpBeforeClose: function (tell) {
      kit.peer('', function (port) {
        var order = [];
        var request = kit.request(port, {});
        request.on('error', function () { order.push('error'); });
        request.on('close', function () { order.push('close'); });
        request.on('socket', function (socket) { kit.later(function () { socket.destroy(); }, 60); });
        request.end();
        kit.later(function () { tell(order.length === 2 ? order[0] === 'error' : undefined); });
      });
    },
    requestClosesAtEnd: function (tell) {
      kit.server(function (request, response) {
        var closed = false;
        request.on('close', function () { closed = true; });
        request.on('data', function () {});
        request.on('end', function () {});
        kit.later(function () { tell(closed); response.end(); }, 100);
      }, function (port) { kit.say(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi', function () {}); });
    },
    abortIsSilent: function (tell) {
      kit.peer('', function (port) {
        var told = false;
        var request = kit.request(port, {agent: undefined});
        request.on('socket', function () { told = true; });
        request.on('error', function () { told = true; });
        request.abort();
        kit.later(function () { tell(!told); }, 150);
      });
    },
    requestTimesOutOnce: function (tell) {
      kit.peer('', function (port) {
        var times = 0;
        var request = kit.request(port, {});
        request.setTimeout(50);
        request.setTimeout(60);
        request.on('timeout', function () { times++; });
        request.end();
        kit.later(function () { tell(times === 0 ? undefined : times === 1); request.abort(); }, 100);
      });
    },
    answerKeepsSocket: function (tell) {
      kit.server(function (request, response) {
        response.end('x');
        tell(!!(response.socket || response.connection));
      }, function (port) { kit.say(port, get, function () {}); });
    },
    resetErrors: function (tell) {
      kit.server(function (request, response) {
        var failed = false;
        request.connection.on('error', function () { failed = true; });
        kit.quiet(request);
        kit.quiet(response);
        response.write(new Array(5000).join('x'));
        kit.later(function () { tell(failed); }, 250);
      }, function (port) {
        var socket = kit.quiet(require('net').connect(port, '127.0.0.1'));
        socket.on('connect', function () {
          socket.pause();
          socket.write(get);
          kit.later(function () { socket.destroy(); }, 80); // with bytes that nobody has read, which resets it
        });
      });
    },
    writeHeadFolds: function (tell) {
      kit.server(function (request, response) {
        response.setHeader('x-a', '1');
        response.writeHead(200, {'X-A': '2'});
        response.end();
      }, function (port) {
        kit.say(port, get, function (heard) { tell(kit.lines(heard, 'x-a').length === 1); });
      });
    },
    llhttp9: function (tell) {
      kit.server(function (request, response) { kit.quiet(request); }, function (port, server) {
        server.on('clientError', function (err, socket) {
          tell(err.code === 'HPE_CR_EXPECTED');
          if (socket) socket.destroy();
        });
        kit.say(port, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na', function () {});
      });
    },
    informsBehindHead: function (tell) {
      kit.server(function (request, response) {
        response.writeHead(200);
        try { response.writeContinue(); } catch (err) { }
        response.end();
      }, function (port) { kit.say(port, get, function (heard) { tell(/^HTTP\/1.1 100/.test(heard)); }); });
    },
    connectHostIsTarget: function (tell) {
      kit.heard({method: 'CONNECT', path: 'a.example:80'}, function (text) { tell(kit.value(text, 'host') === 'a.example:80'); });
    },
    freshIsIdle: function (tell) {
      kit.server(function (request, response) { response.end(); }, function (port, server) {
        if (!server.closeIdleConnections) return tell(undefined);
        kit.say(port, '', function (heard, closed) { tell(closed); }, 400);
        kit.later(function () { server.closeIdleConnections(); }, 200);
      });
    },
    abortedListensSilently: function (tell) {
      if (typeof AbortController === 'undefined') return tell(undefined);
      var controller = new AbortController(), server = kit.quiet(http.createServer()), told = false, closed = false;
      server.on('listening', function () { told = true; });
      server.on('close', function () { closed = true; });
      controller.abort();
      server.listen({port: 0, host: '127.0.0.1', signal: controller.signal});
      kit.later(function () { tell(closed ? !told : undefined); }, 150);
    },
    removedConnectionPersists: function (tell) {
      kit.server(function (request, response) {
        response.removeHeader('Connection');
        response.end('x');
      }, function (port) {
        kit.say(port, get, function (heard, closed) { tell(kit.lines(heard, 'connection').length ? undefined : !closed); }, 400);
      });
    }
  };
  Object.keys(questions).forEach(function (name) { ask('behaviours.' + name, questions[name]); });
};
