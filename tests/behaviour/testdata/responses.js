// Records what Node's http server writes for each case, as JSON on standard
// output: node responses.js > responses.json
//
// A case is a request and what the listener does; its counterpart in Go has
// the same name in responses_test.go. `code` is the code of what was thrown.
'use strict';
const http = require('http');
const net = require('net');

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const get10 = 'GET / HTTP/1.0\r\n\r\n';
const get10KeepAlive = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
const getClose = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const head = 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n';

const cases = [
  ['end with nothing', get, (res) => res.end()],
  ['end with a body', get, (res) => res.end('hello')],
  ['write and end', get, (res) => { res.write('ab'); res.write('cde'); res.end(); }],
  ['write and end with a body', get, (res) => { res.write('ab'); res.end('c'); }],
  ['writeHead and end', get, (res) => { res.writeHead(200); res.end(); }],
  ['writeHead and end with a body', get, (res) => { res.writeHead(200); res.end('hello'); }],
  ['writeHead with a length', get, (res) => { res.writeHead(201, { 'Content-Length': '5' }); res.end('hello'); }],
  ['writeHead with a reason', get, (res) => { res.writeHead(404, 'Nope', { 'X-A': '1' }); res.end('x'); }],
  ['flushHeaders and end', get, (res) => { res.flushHeaders(); res.end('x'); }],
  ['statusCode and statusMessage', get, (res) => { res.statusCode = 418; res.statusMessage = 'Short'; res.end(); }],
  ['a status without a standard message', get, (res) => { res.statusCode = 299; res.end(); }],
  ['order and case of headers', get, (res) => {
    res.setHeader('X-One', '1'); res.setHeader('x-TWO', '2'); res.setHeader('X-one', '3'); res.end();
  }],
  ['a header with several values', get, (res) => { res.setHeader('Set-Cookie', ['a=1', 'b=2']); res.end(); }],
  ['appendHeader', get, (res) => {
    res.setHeader('A', '1'); res.setHeader('B', '2'); res.appendHeader('a', '3'); res.appendHeader('C', ['4', '5']); res.end();
  }],
  ['removeHeader', get, (res) => { res.setHeader('A', '1'); res.setHeader('B', '2'); res.removeHeader('a'); res.end(); }],
  ['remove Date', get, (res) => { res.removeHeader('Date'); res.end(); }],
  ['sendDate off', get, (res) => { res.sendDate = false; res.end(); }],
  ['remove Connection', get, (res) => { res.removeHeader('Connection'); res.end('x'); }],
  ['remove Content-Length', get, (res) => { res.removeHeader('Content-Length'); res.end('x'); }],
  ['remove Transfer-Encoding', get, (res) => { res.removeHeader('Transfer-Encoding'); res.write('x'); res.end(); }],
  ['remove Content-Length and Transfer-Encoding', get, (res) => {
    res.removeHeader('Content-Length'); res.removeHeader('Transfer-Encoding'); res.end('x');
  }],
  ['a Date of one\'s own', get, (res) => { res.setHeader('date', 'today'); res.end(); }],
  ['Connection: close', get, (res) => { res.setHeader('Connection', 'close'); res.end('x'); }],
  ['Connection: keep-alive', get, (res) => { res.setHeader('Connection', 'keep-alive'); res.end('x'); }],
  ['Keep-Alive of one\'s own', get, (res) => { res.setHeader('Keep-Alive', 'timeout=9'); res.end('x'); }],
  ['Transfer-Encoding: chunked', get, (res) => { res.setHeader('Transfer-Encoding', 'chunked'); res.end('x'); }],
  ['writeHead over setHeader', get, (res) => {
    res.setHeader('A', '1'); res.setHeader('B', '2'); res.writeHead(200, { 'b': '3', 'C': '4' }); res.end();
  }],
  ['writeHead with a list', get, (res) => { res.writeHead(200, ['A', '1', 'B', '2', 'a', '3']); res.end(); }],
  ['writeHead with a list over setHeader', get, (res) => {
    res.setHeader('A', '0'); res.writeHead(200, ['A', '1', 'B', '2', 'a', '3']); res.end();
  }],
  ['HEAD with a body', head, (res) => res.end('hello')],
  ['HEAD with a length', head, (res) => { res.setHeader('Content-Length', '5'); res.end(); }],
  ['HEAD with writes', head, (res) => { res.write('hello'); res.end(); }],
  ['HEAD with writeHead', head, (res) => { res.writeHead(200); res.end(); }],
  ['204', get, (res) => { res.statusCode = 204; res.end('dropped'); }],
  ['204 with writeHead', get, (res) => { res.writeHead(204); res.end(); }],
  ['204 in chunks', get, (res) => { res.writeHead(204, { 'Transfer-Encoding': 'chunked' }); res.end(); }],
  ['304', get, (res) => { res.statusCode = 304; res.end(); }],
  ['304 with a length', get, (res) => { res.writeHead(304, { 'Content-Length': '9' }); res.end(); }],
  ['HTTP/1.0', get10, (res) => res.end('hello')],
  ['HTTP/1.0 with writes', get10, (res) => { res.write('he'); res.end('llo'); }],
  ['HTTP/1.0 keep-alive', get10KeepAlive, (res) => res.end('hello')],
  ['HTTP/1.0 keep-alive with a length', get10KeepAlive, (res) => { res.setHeader('Content-Length', '5'); res.end('hello'); }],
  ['HTTP/1.0 keep-alive 204', get10KeepAlive, (res) => { res.writeHead(204); res.end(); }],
  ['HTTP/1.0 TE: chunked', 'GET / HTTP/1.0\r\nTE: chunked\r\n\r\n', (res) => { res.write('he'); res.end('llo'); }],
  ['the request closes', getClose, (res) => res.end('hello')],
  ['the request closes, writes', getClose, (res) => { res.write('hello'); res.end(); }],
  ['trailers', get, (res) => { res.setHeader('Trailer', 'X-Sum'); res.write('x'); res.addTrailers({ 'X-Sum': '7' }); res.end(); }],
  ['trailers behind a last chunk', get, (res) => { res.setHeader('Trailer', 'X-Sum'); res.addTrailers([['X-Sum', '7']]); res.end('x'); }],
  ['trailers without chunks', get, (res) => { res.addTrailers({ 'X-Sum': '7' }); res.end('x'); }],
  ['Trailer with a length', get, (res) => { res.setHeader('Trailer', 'X'); res.setHeader('Content-Length', '1'); res.end('x'); }],
  ['writeContinue', get, (res) => { res.writeContinue(); res.end('x'); }],
  ['writeProcessing', get, (res) => { res.writeProcessing(); res.end('x'); }],
  ['writeEarlyHints', get, (res) => { res.writeEarlyHints({ link: '</a.css>; rel=preload' }); res.end('x'); }],
  ['cork', get, (res) => { res.cork(); res.write('ab'); res.write('cd'); res.uncork(); res.end(); }],
  ['setHeader after the head', get, (res) => { res.writeHead(200); res.setHeader('A', '1'); }],
  ['removeHeader after the head', get, (res) => { res.writeHead(200); res.removeHeader('A'); }],
  ['appendHeader after the head', get, (res) => { res.writeHead(200); res.appendHeader('A', '1'); }],
  ['writeHead twice', get, (res) => { res.writeHead(200); res.writeHead(200); }],
  ['writeHead with status 99', get, (res) => res.writeHead(99)],
  ['writeHead with status 1000', get, (res) => res.writeHead(1000)],
  ['statusCode 1000', get, (res) => { res.statusCode = 1000; res.end(); }],
  ['statusCode 0', get, (res) => { res.statusCode = 0; res.flushHeaders(); }],
  ['statusMessage with a line end', get, (res) => { res.statusMessage = 'a\r\nX: y'; res.end(); }],
  ['writeHead with a line end in the reason', get, (res) => res.writeHead(200, 'a\r\nX: y')],
  ['a name with a space', get, (res) => res.setHeader('a b', '1')],
  ['an empty name', get, (res) => res.setHeader('', '1')],
  ['a value with a line end', get, (res) => res.setHeader('a', '1\r\nX: y')],
  ['writeHead with a bad name', get, (res) => res.writeHead(200, { 'a b': '1' })],
  ['writeHead with a bad value', get, (res) => res.writeHead(200, { a: '\0' })],
  ['a trailer with a bad name', get, (res) => res.addTrailers({ 'a b': '1' })],
  ['a trailer with a bad value', get, (res) => res.addTrailers({ a: '1\n' })],
  ['writeContinue after the head', get, (res) => { res.flushHeaders(); res.writeContinue(); res.end('x'); }],
  ['early hints with a line end', get, (res) => res.writeEarlyHints({ link: '</a>; rel=preload', a: '1\r\nX: y' })],
];

function record([name, request, listener]) {
  return new Promise((resolve) => {
    let code;
    const server = http.createServer((req, res) => {
      try {
        listener(res);
      } catch (e) {
        code = e.code;
        req.socket.destroy();
      }
    });
    server.listen(0, '127.0.0.1', () => {
      let wire = '';
      const socket = net.connect(server.address().port, '127.0.0.1');
      socket.setEncoding('latin1');
      socket.write(request);
      let closed = true;
      const idle = setTimeout(() => { closed = false; socket.destroy(); }, 150);
      socket.on('data', (d) => { wire += d; });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearTimeout(idle);
        server.close(() => {
          wire = wire.replace(/Date: [^\r]* GMT/g, 'Date: NOW');
          resolve(code ? { name, request, code } : { name, request, wire, closed });
        });
        server.closeAllConnections();
      });
    });
  });
}

(async () => {
  const all = [];
  for (const c of cases) all.push(await record(c));
  console.log(JSON.stringify(all, null, 1));
})();
