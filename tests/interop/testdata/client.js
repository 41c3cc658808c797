'use strict';
// The Node end of the interop checks, as a client. It is started with a port
// and reads the names of conversations from standard input, one a line; the
// transcript of each goes to standard output.

const http = require('http');
const readline = require('readline');
const { log, logHeaders, describe, pieces, send, digest } = require('./common.js');

const port = Number(process.argv[2]);

// exchange makes a request, logs its events and calls back when it is over.
function exchange(name, agent, path, options, act, done) {
  const req = http.request({ host: '127.0.0.1', port, path: '/' + path, agent, ...options });
  let open = 1;
  const closed = () => { if (--open === 0) done(); };
  req.on('finish', () => log(name, 'req finish'));
  req.on('continue', () => log(name, 'continue'));
  req.on('information', (info) => {
    log(name, 'information', info.statusCode, info.statusMessage, info.httpVersion);
    logHeaders(name, 'information header', info.rawHeaders);
  });
  req.on('error', (err) => log(name, 'req error', describe(err)));
  req.on('abort', () => log(name, 'req abort'));
  req.on('close', () => {
    log(name, 'req close', 'reused=' + req.reusedSocket, 'finished=' + req.writableFinished);
    closed();
  });
  req.on('response', (res) => {
    open++;
    log(name, 'response', res.statusCode, res.statusMessage, res.httpVersion);
    logHeaders(name, 'header', res.rawHeaders);
    res.on('aborted', () => log(name, 'res aborted'));
    res.on('error', (err) => log(name, 'res error', describe(err)));
    res.on('end', () => {
      log(name, 'res end', 'complete=' + res.complete);
      logHeaders(name, 'trailer', res.rawTrailers);
    });
    res.on('close', () => { log(name, 'res close', 'complete=' + res.complete, 'aborted=' + res.aborted); closed(); });
    if (act.response) act.response(res, req);
    else digest(res, (sum) => log(name, 'body', sum));
  });
  if (act.request) act.request(req);
  else req.end();
}

// tunnel asks for the connection itself, and talks and ends on it.
function tunnel(name, agent, options, done) {
  const req = http.request({ host: '127.0.0.1', port, agent, ...options });
  req.on('response', (res) => log(name, 'response', res.statusCode));
  req.on('close', () => log(name, 'req close'));
  req.on(name, (res, socket, head) => {
    log(name, name, res.statusCode, res.statusMessage);
    logHeaders(name, 'header', res.rawHeaders);
    let got = head.toString();
    let sent = false;
    socket.on('data', (chunk) => look(chunk));
    function look(chunk) {
      got += chunk;
      if (got === 'hello' && !sent) {
        sent = true;
        socket.write('ping');
        socket.write('?');
      } else if (got === 'hellopong!') {
        socket.end();
      }
    }
    look('');
    socket.on('error', (err) => log(name, 'socket error', describe(err)));
    socket.on('end', () => log(name, 'socket end', got));
    socket.on('close', (hadError) => {
      log(name, 'socket close', hadError);
      done();
    });
  });
  req.end();
}

// simple is an exchange followed by one that shows what became of the connection.
function simple(options = {}, act = {}, path) {
  return (name, agent, done) => {
    exchange(name, agent, path || name, options, act, () => exchange(name, agent, 'get', {}, {}, done));
  };
}

const failure = Object.assign(new Error('x'), { code: 'EX' });

const conversations = {
  get: simple(),
  write: simple(),
  length: simple(),
  empty: simple(),
  head: simple({ method: 'HEAD' }),
  headend: simple({ method: 'HEAD' }),
  headwrite: simple({ method: 'HEAD' }),
  nocontent: simple(),
  notmodified: simple(),
  unknown: simple(),
  duplicates: simple({ headers: { 'X-List': ['a', 'b'], 'Cookie': ['x=1', 'y=2'], 'X-Latin': 'caf\u00e9', 'From': 'me', 'X-Empty': '' } }),
  post: simple({ method: 'POST', headers: { 'Content-Length': 5 } }, { request(req) { req.end('12345'); } }),
  ignored: simple({ method: 'POST' }, { request(req) { req.end('12345'); } }),
  trailers: simple({ method: 'POST', headers: { 'Trailer': 'X-Check' } }, {
    request(req) {
      req.write('some');
      req.write('thing');
      req.addTrailers({ 'X-Check': 'yes' });
      req.end();
    },
  }),
  proceed: simple({ method: 'POST', headers: { 'Expect': '100-continue', 'Content-Length': 5 } }, {
    request(req) { req.on('continue', () => req.end('12345')); },
  }),
  refuse: simple({ method: 'POST', headers: { 'Expect': '100-continue', 'Content-Length': 5 } }, {
    request() {}, // Expect sends the head
    response(res, req) {
      digest(res, (sum) => {
        log('refuse', 'body', sum);
        req.destroy(); // not before: what is told then depends on packets
      });
    },
  }),
  hints: simple(),
  binary: simple({ method: 'PUT' }, {
    request(req) {
      for (const piece of pieces(200000)) req.write(piece);
      req.end();
    },
  }),
  uploadabort: simple({ method: 'POST', headers: { 'Content-Length': 1000000 } }, {
    request(req) { req.write('start'); },
    response(res, req) { res.once('data', () => req.destroy()); },
  }),
  vanish: simple({ method: 'POST', headers: { 'Expect': '100-continue', 'Content-Length': 1000000 } }, {
    request(req) { req.on('continue', () => req.write('start', () => req.destroy())); },
  }),
  endless: simple({}, { response(res) { res.once('data', () => res.destroy()); } }),
  endlesserror: simple({}, { response(res) { res.once('data', () => res.destroy(failure)); } }, 'endless'),
  cancel: simple({}, { response(res, req) { res.once('data', () => req.destroy()); } }, 'endless'),
  cancelerror: simple({}, { response(res, req) { res.once('data', () => req.destroy(failure)); } }, 'endless'),
  abort: simple({}, { response(res, req) { res.once('data', () => req.abort()); } }, 'endless'),
  dropreq: simple(),
  dropreqerror: simple(),
  dropres: simple(),
  cutlength: simple(),
  cutchunked: simple(),
  hangup: simple(),
  close(name, agent, done) {
    const closing = new http.Agent();
    exchange(name, closing, 'get', {}, {}, () => exchange(name, false, 'empty', {}, {}, done));
  },
  upgrade(name, agent, done) {
    tunnel(name, agent, { path: '/upgrade', headers: { 'Connection': 'Upgrade', 'Upgrade': 'echo' } }, done);
  },
  connect(name, agent, done) {
    tunnel(name, agent, { path: 'example.test:1', method: 'CONNECT' }, done);
  },
  // 8 connections share 400 requests.
  crowd(name, agent, done) {
    const crowd = new http.Agent({ keepAlive: true, maxSockets: 8 });
    const sockets = new Set();
    let open = 400;
    for (let i = 0; i < 400; i++) {
      const req = http.get({ host: '127.0.0.1', port, path: '/small?' + i, agent: crowd }, (res) => {
        sockets.add(res.socket);
        let body = '';
        res.on('data', (chunk) => { body += chunk; });
        res.on('end', () => {
          if (body !== 'small /small?' + i) log(name, 'wrong body', body);
          if (--open > 0) return;
          log(name, 'sockets', sockets.size);
          crowd.destroy();
          done();
        });
      });
      req.on('error', (err) => log(name, 'req error', describe(err)));
    }
  },
};

// Streams are named "up N", "down N", "echo N" and "sip N", which is down with
// a pause after each piece; the transcript is the sum.
function stream(name, kind, length, done) {
  const down = kind === 'down' || kind === 'sip';
  const path = down ? `/down?${length}` : '/' + kind;
  const req = http.request({ host: '127.0.0.1', port, path, method: down ? 'GET' : 'POST', agent: false });
  req.on('error', (err) => log(name, 'req error', describe(err)));
  req.on('response', (res) => {
    if (kind === 'up') {
      let sum = '';
      res.on('data', (chunk) => { sum += chunk; });
      res.on('end', () => { log(name, sum); done(); });
      return;
    }
    digest(res, (sum) => { log(name, sum); done(); });
    if (kind === 'sip') {
      res.on('data', () => {
        res.pause();
        setImmediate(() => res.resume());
      });
    }
  });
  if (down) req.end();
  else send(req, length);
}

readline.createInterface({ input: process.stdin }).on('line', (name) => {
  const [kind, length] = name.split(' ');
  if (length) {
    stream(name, kind, Number(length), () => log(name, '.'));
    return;
  }
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  conversations[name](name, agent, () => {
    agent.destroy();
    log(name, '.');
  });
}).on('close', () => process.exit());
