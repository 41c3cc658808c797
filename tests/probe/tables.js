// The request methods, the status codes, and what becomes of repeated headers.
'use strict';

var kit = require('./kit.js');
var http = require('http');

var methods = ['ACL', 'BIND', 'BREW', 'CHECKOUT', 'CONNECT', 'COPY', 'DELETE', 'GET', 'HEAD', 'LINK', 'LOCK', 'M-SEARCH', 'MERGE', 'MKACTIVITY',
  'MKCALENDAR', 'MKCOL', 'MOVE', 'NOTIFY', 'OPTIONS', 'PATCH', 'POST', 'PRI', 'PROPFIND', 'PROPPATCH', 'PURGE', 'PUT', 'QUERY', 'REBIND',
  'REPORT', 'SEARCH', 'SOURCE', 'SUBSCRIBE', 'TRACE', 'UNBIND', 'UNLINK', 'UNLOCK', 'UNSUBSCRIBE'];

var headers = ['accept', 'accept-charset', 'accept-encoding', 'accept-language', 'age', 'authorization', 'connection', 'content-length', 'content-type', 'cookie',
  'etag', 'expires', 'from', 'host', 'if-modified-since', 'if-unmodified-since', 'last-modified', 'link', 'location', 'max-forwards', 'pragma',
  'proxy-authenticate', 'proxy-authorization', 'referer', 'retry-after', 'sec-websocket-extensions', 'sec-websocket-protocol', 'server', 'set-cookie',
  'user-agent', 'www-authenticate', 'x-a', 'other'];

module.exports = function (ask, answer) {
  if (http.METHODS) {
    http.METHODS.forEach(function (method) { answer('method ' + method, true); });
  } else {
    methods.forEach(function (method) {
      ask('method ' + method, function (tell) {
        var server = kit.server(function (request, response) { response.end(); tell(request.method === method); }, function (port) {
          kit.say(port, method + (method === 'CONNECT' ? ' a:1' : ' /') + ' HTTP/1.1\r\nHost: a\r\n\r\n', function () { tell(false); });
        });
        server.on('connect', function (request, socket) { socket.destroy(); tell(true); });
      });
    });
  }
  Object.keys(http.STATUS_CODES).forEach(function (code) { answer('status ' + code, http.STATUS_CODES[code]); });
  headers.forEach(function (name) {
    if (name === 'content-length') return; // two are no message
    ask('repeat ' + ({'x-a': 'x-*', other: '*'}[name] || name), function (tell) {
      var fields = name === 'host' ? 'Host: a\r\nHost: b\r\n' : 'Host: h\r\n' + name + ': a\r\n' + name + ': b\r\n';
      kit.server(function (request, response) {
        response.end();
        var got = request.headers[name];
        tell(got instanceof Array ? 'list' : {a: 'discard', 'a; b': 'semicolon', 'a, b': 'comma'}[got]);
      }, function (port) {
        kit.say(port, 'GET / HTTP/1.1\r\n' + fields + '\r\n', function () { tell(undefined); });
      });
    });
  });
};
