// Records what a Node of an old or a new version does where they differ:
//
//     node record.js > v0.8.json
//
// It runs on every version from 0.8.
var http = require('http'), net = require('net');

var names = ['accept', 'age', 'authorization', 'cookie', 'date', 'etag', 'foo', 'from', 'host', 'link', 'pragma',
  'retry-after', 'server', 'set-cookie', 'user-agent', 'via', 'x-foo'];
var result = {};

// speak sends text and tells the first line of the answer, and whether the
// connection was closed after it.
function speak(server, text, done) {
  var socket = net.connect(server.address().port, '127.0.0.1'), received = '', over = false;
  function finish(closed) {
    if (over) return;
    over = true;
    socket.destroy();
    setTimeout(function() { done({answer: received.split('\r\n')[0], closed: closed}); }, 100);
  }
  socket.on('connect', function() { socket.write(text); });
  socket.on('data', function(chunk) { received += chunk; });
  socket.on('error', function() {});
  socket.on('close', function() { finish(true); });
  setTimeout(function() { finish(false); }, 300);
}

var log = [];
function note(event) { return function() { log.push(event); }; }

var server = http.createServer(function(req, res) {
  req.on('end', note('request end'));
  req.on('close', note('request close'));
  req.on('aborted', note('request aborted'));
  res.on('finish', note('response finish'));
  res.on('close', note('response close'));
  if (req.url === '/headers') {
    names.forEach(function(name) { result.headers[name] = req.headers[name]; });
  }
  if (req.url === '/hang') return;
  req.resume();
  res.end('x');
});
var heard = http.createServer();
heard.on('clientError', function() {});

var head = ' HTTP/1.1\r\nHost: a\r\n';
var repeated = 'GET /headers HTTP/1.1\r\n';
result.headers = {};
names.forEach(function(name) { repeated += name + ': 1\r\n' + name + ': 2\r\n'; });

var probes = [
  ['malformed', server, 'BAD\r\n\r\n'],
  ['malformed, heard', heard, 'BAD\r\n\r\n'],
  ['head of 30000 bytes', server, 'GET /' + head + 'x: ' + new Array(30000).join('y') + '\r\n\r\n'],
  ['head of 100000 bytes', server, 'GET /' + head + 'x: ' + new Array(100000).join('y') + '\r\n\r\n'],
  ['upgrade', server, 'GET /' + head + 'Connection: upgrade\r\nUpgrade: x\r\n\r\n'],
  ['connect', server, 'CONNECT a:1' + head + '\r\n'],
  ['expectation', server, 'GET /' + head + 'Expect: x\r\n\r\n'],
  ['repeated headers', server, repeated + '\r\n'],
  ['complete', server, 'GET /' + head + '\r\n'],
  ['left alone', server, 'GET /hang' + head + '\r\n']
];

function next() {
  var probe = probes.shift();
  if (!probe) return closing();
  log = [];
  speak(probe[1], probe[2], function(seen) {
    if (probe[0] === 'complete' || probe[0] === 'left alone') seen.events = log.slice().sort();
    result[probe[0]] = seen;
    next();
  });
}

// closing closes a server that has an idle connection.
function closing() {
  var socket = net.connect(server.address().port, '127.0.0.1'), closed = false;
  socket.on('error', function() {});
  socket.on('close', function() { closed = true; });
  socket.write('GET /' + head + '\r\n');
  socket.once('data', function() { setTimeout(function() { server.close(); }, 100); });
  setTimeout(function() {
    result['close ends idle'] = closed;
    console.log(JSON.stringify(result, null, 2));
    process.exit();
  }, 500);
}

server.listen(0, '127.0.0.1', function() { heard.listen(0, '127.0.0.1', next); });
