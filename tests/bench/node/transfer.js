// Long bodies through Node: node -e SCRIPT -- ROLE FILE ADDRESS. The roles are
// those of transfer.go; the command of a client is "run".
'use strict';
const fs = require('fs');
const http = require('http');
const readline = require('readline');

const [role, file, address] = process.argv.slice(1);
const size = fs.statSync(file).size;
const [host, port] = (address || ':').split(':');

function serve(listener) {
  const server = http.createServer(listener);
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1', () => process.stdout.write(`ok 127.0.0.1:${server.address().port}\n`));
  process.stdin.on('end', () => process.exit()).resume();
}

function drive(transfer) {
  readline.createInterface({ input: process.stdin })
    .on('line', () => {
      const start = process.hrtime.bigint();
      transfer(() => process.stdout.write(`ok ${size / 1048576} ${process.hrtime.bigint() - start}\n`));
    })
    .on('close', () => process.exit());
  process.stdout.write('ok transfer\n');
}

const roles = {
  files() {
    serve((req, res) => {
      res.setHeader('Content-Length', size);
      fs.createReadStream(file).pipe(res);
    });
  },
  sink() {
    serve((req, res) => {
      req.on('data', () => {});
      req.on('end', () => res.end());
    });
  },
  download() {
    drive((done) => http.get({ host, port }, (res) => res.on('data', () => {}).on('end', done)));
  },
  upload() {
    drive((done) => {
      const req = http.request({ host, port, method: 'POST', headers: { 'Content-Length': size } });
      req.on('response', (res) => res.on('data', () => {}).on('end', done));
      fs.createReadStream(file).pipe(req);
    });
  },
};
roles[role]();
