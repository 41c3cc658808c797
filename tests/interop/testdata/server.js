'use strict';
// The Node end of the interop checks, as a server: each path is a conversation
// whose answer is fixed, and whose events go to the transcript under its name.
// The first line on standard output is the port.

const http = require('http');
const { log, logHeaders, describe, pieces, pattern, send, digest } = require('./common.js');

function observe(name, req, res) {
  log(name, 'request', req.method, req.url, req.httpVersion);
  logHeaders(name, 'header', req.rawHeaders);
  let open = 2;
  const closed = () => { if (--open === 0) log(name, '.'); };
  req.on('aborted', () => log(name, 'req aborted'));
  req.on('error', (err) => log(name, 'req error', describe(err)));
  req.on('end', () => log(name, 'req end', 'complete=' + req.complete));
  req.on('close', () => {
    log(name, 'req close', 'complete=' + req.complete, 'aborted=' + req.aborted);
    if (name !== 'refuse') closed();
  });
  // This request never closes, because its body never comes.
  if (name === 'refuse') req.socket.on('close', closed);
  res.on('finish', () => log(name, 'res finish'));
  res.on('error', (err) => log(name, 'res error', describe(err)));
  res.on('close', () => { log(name, 'res close', 'finished=' + res.writableFinished); closed(); });
}

// endSized ends a response with a Content-Length of its own, without which a
// connection of HTTP/1.0 is not kept.
function endSized(res, body) {
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

const answers = {
  get(req, res) {
    res.setHeader('Content-Type', 'text/plain');
    res.setHeader('X-CasE-kept', 'Yes');
    res.setHeader('set-cookie', ['a=1', 'b=2']);
    res.end('hello');
  },
  write(req, res) {
    res.write('one');
    res.write('two');
    res.end('three');
  },
  length(req, res) {
    res.writeHead(200, 'Fine', { 'Content-Length': 6 });
    res.write('abc');
    res.end('def');
  },
  empty(req, res) { res.end(); },
  head(req, res) {
    res.writeHead(200, { 'Content-Length': 5 });
    res.end('hello');
  },
  headend(req, res) { res.end('hello'); },
  headwrite(req, res) {
    res.write('hel');
    res.end('lo');
  },
  nocontent(req, res) {
    res.statusCode = 204;
    res.end('ignored');
  },
  notmodified(req, res) {
    res.writeHead(304, { 'ETag': '"x"' });
    res.end('ignored');
  },
  unknown(req, res) {
    res.writeHead(299, { 'Connection': 'close' });
    res.end();
  },
  duplicates(req, res) {
    const headers = req.headers;
    for (const name of Object.keys(headers).sort()) {
      if (name !== 'host') log('duplicates', 'merged', name, JSON.stringify(headers[name]));
    }
    res.writeHead(200, [['X-List', 'a'], ['x-list', 'b'], ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2'],
      ['ETag', '1'], ['Etag', '2'], ['X-Latin', 'caf\u00e9'], ['X-Empty', '']].flat());
    res.end('d');
  },
  post(req, res) { digest(req, (sum) => res.end(sum)); },
  ignored(req, res) { res.end('did not read it'); },
  trailers(req, res) {
    digest(req, (sum) => {
      logHeaders('trailers', 'trailer', req.rawTrailers);
      res.writeHead(200, { 'Trailer': 'X-Sum, X-Two' });
      res.write(sum);
      res.addTrailers([['X-Sum', 'abc'], ['X-Two', '2']]);
      res.end();
    });
  },
  proceed(req, res) {
    log('proceed', 'checkContinue');
    res.writeContinue();
    digest(req, (sum) => res.end(sum));
  },
  refuse(req, res) {
    log('refuse', 'checkContinue');
    res.writeHead(417, { 'Connection': 'close' });
    res.end('no');
  },
  hints(req, res) {
    res.writeProcessing();
    res.writeEarlyHints({ 'link': '</a.css>; rel=preload; as=style', 'x-trace': 'abc' });
    res.end('final');
  },
  binary(req, res) {
    digest(req, (sum) => {
      res.setHeader('X-Sum', sum);
      for (const piece of pieces(300000)) res.write(piece);
      res.end();
    });
  },
  uploadabort(req, res) {
    req.once('data', () => {
      res.writeHead(200);
      res.write('go');
    });
  },
  vanish(req, res) {
    res.writeContinue();
    req.resume();
  },
  endless(req, res) {
    const chunk = pattern(50000);
    const more = () => { while (!res.destroyed && res.write(chunk)); };
    res.on('drain', more);
    more();
  },
  cutlength(req, res) {
    res.writeHead(200, { 'Content-Length': 100000 });
    res.write('part', () => res.destroy());
  },
  cutchunked(req, res) {
    res.write('part', () => res.destroy());
  },
  dropreq(req, res) { req.destroy(); },
  dropreqerror(req, res) { req.destroy(Object.assign(new Error('x'), { code: 'EX' })); },
  dropres(req, res) { res.destroy(); },
  hangup(req, res) { req.socket.destroy(); },
  // The streams keep no transcript.
  up(req, res) { digest(req, (sum) => endSized(res, sum)); },
  down(req, res) { send(res, Number(req.url.split('?')[1])); },
  echo(req, res) { req.pipe(res); },
  small(req, res) { endSized(res, 'small ' + req.url); },
};
const silent = new Set(['up', 'down', 'echo', 'small']);

function answer(req, res) {
  const name = req.url.slice(1).split('?')[0];
  if (!silent.has(name)) observe(name, req, res);
  answers[name](req, res);
}

function tunnel(name, req, socket, head) {
  log(name, 'request', req.method, req.url, req.httpVersion);
  logHeaders(name, 'header', req.rawHeaders);
  let got = head.toString();
  socket.on('data', (chunk) => {
    got += chunk;
    if (got.endsWith('?')) {
      log(name, 'got', got);
      socket.write('pong!');
      got = '';
    }
  });
  socket.on('error', (err) => log(name, 'socket error', describe(err)));
  socket.on('end', () => {
    log(name, 'socket end');
    socket.end('bye');
  });
  socket.on('close', (hadError) => {
    log(name, 'socket close', hadError);
    log(name, '.');
  });
}

const server = http.createServer(answer);
server.on('checkContinue', answer);
server.on('upgrade', (req, socket, head) => {
  tunnel('upgrade', req, socket, head);
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello');
});
server.on('connect', (req, socket, head) => {
  tunnel('connect', req, socket, head);
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\nhello');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

process.stdin.resume();
process.stdin.on('end', () => process.exit());
