// The server that Node's documentation shows. It prints its address and lives
// until its input closes.
'use strict';
// With a certificate and its key as arguments it is one of https.
const [cert, key] = process.argv.slice(1);
const http = require(cert ? 'https' : 'http');

const server = http.createServer({ cert, key }, (req, res) => {
  res.setHeader('Content-Type', 'text/plain');
  res.end('Hello, World!');
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ok 127.0.0.1:${server.address().port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
