// What the questions have in common: servers and clients of http and of bare sockets, and
// a record of every event.
'use strict';

var events = require('events').EventEmitter;
var seen = []; // pairs of an emitter and an event
var emit = events.prototype.emit;
events.prototype.emit = function (event) {
  if (typeof event === 'string') seen.push([this, event]);
  return emit.apply(this, arguments);
};

var http = require('http');
var net = require('net');

exports.seen = seen;

// later calls f when what was under way has happened: after so many turns of the event loop
// that they take ms at least. Both ends are in this process, so a busy machine delays what
// is waited for as it delays the wait.
exports.later = function (f, ms) {
  var turns = Math.ceil((ms || 250) / 5);
  (function turn() {
    if (turns-- === 0) f();
    else setTimeout(turn, 5);
  })();
};

function quiet(emitter) { emitter.on('error', function () {}); return emitter; }
exports.quiet = quiet;

// server calls then with a server that listens and its port.
exports.server = function (handler, then, options) {
  var server = options ? http.createServer(options) : http.createServer();
  server.on('request', handler); // some Nodes pass over a listener beside options
  quiet(server).listen(0, '127.0.0.1', function () { then(server.address().port, server); });
  return server;
};

// peer is a server of bare sockets that says text to each client that has said something.
exports.peer = function (text, then, each) {
  var server = net.createServer(function (socket) {
    quiet(socket);
    socket.heard = '';
    socket.on('data', function (data) {
      var first = socket.heard === '';
      socket.heard += data.toString('binary');
      if (first && text) socket.write(text);
      if (each) each(socket, first);
    });
  });
  quiet(server).listen(0, '127.0.0.1', function () { then(server.address().port, server); });
};

// say opens a connection, says text and tells what it heard once f is called or time is up.
exports.say = function (port, text, then, ms) {
  var heard = '', closed = false;
  var socket = quiet(net.connect(port, '127.0.0.1'));
  socket.on('connect', function () { socket.write(text); });
  socket.on('data', function (data) { heard += data.toString('binary'); });
  socket.on('end', function () { closed = true; socket.end(); });
  socket.on('close', function () { closed = true; });
  exports.later(function () {
    var was = closed;
    socket.destroy();
    then(heard, was);
  }, ms || 300);
  return socket;
};

// request makes a request to a port of this machine, without an agent unless there is one.
exports.request = function (port, options, callback) {
  var all = {host: '127.0.0.1', port: port, agent: false};
  for (var name in options) all[name] = options[name];
  return quiet(http.request(all, callback));
};

// heard makes a request and tells what of it arrives at the other end.
exports.heard = function (options, then, before) {
  exports.peer('', function (port) {
    var request;
    try {
      request = exports.request(port, options);
      if (before) before(request);
      request.end();
    } catch (err) {
      then('', err);
    }
  }, function (socket) {
    var length = socket.heard.length;
    exports.later(function () {
      if (socket.heard.length > length) return; // which is told when no more comes
      then(socket.heard);
      socket.destroy();
    }, 100);
  });
};

exports.lines = function (text, name) {
  return text.split('\r\n').filter(function (line) { return line.toLowerCase().indexOf(name + ':') === 0; });
};

exports.value = function (text, name) {
  var lines = exports.lines(text, name);
  return lines.length ? lines[0].slice(name.length + 1).trim() : undefined;
};
