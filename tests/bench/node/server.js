// The server that Node's documentation shows. It prints its address and lives
// until its input closes.
'use strict';
const http = require('http');

const server = http.createServer((req, res) => {
  res.setHeader('Content-Type', 'text/plain');
  res.end('Hello, World!');
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ok 127.0.0.1:${server.address().port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
