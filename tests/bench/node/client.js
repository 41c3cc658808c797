// Node's client behind a keep-alive agent: node -e SCRIPT -- HOST PORT IN_FLIGHT.
// Its command is "run NANOSECONDS"; the answer is how many requests were made
// and how many nanoseconds they took.
'use strict';
const readline = require('readline');

// With a certificate as the last argument it is one of https, which believes that.
const [host, port, inFlight, ca] = [process.argv[1], +process.argv[2], +process.argv[3], process.argv[4]];
const http = require(ca ? 'https' : 'http');
const agent = new http.Agent({ keepAlive: true, maxSockets: inFlight, ca });

function fail(err) {
  process.stdout.write(`error ${err.message}\n`, () => process.exit(1));
}

function run(duration) {
  const start = process.hrtime.bigint();
  let done = 0;
  let busy = inFlight;

  function get() {
    http.get({ host, port, path: '/', agent }, (res) => {
      let body = '';
      res.setEncoding('latin1');
      res.on('data', (chunk) => { body += chunk; });
      res.on('end', () => {
        if (res.statusCode !== 200 || body !== 'Hello, World!') {
          fail(new Error(`wrong response: ${res.statusCode} ${body}`));
          return;
        }
        done++;
        if (process.hrtime.bigint() - start < duration) {
          get();
        } else if (--busy === 0) {
          process.stdout.write(`ok ${done} ${process.hrtime.bigint() - start}\n`);
        }
      });
    }).on('error', fail);
  }

  for (let i = 0; i < inFlight; i++) get();
}

readline.createInterface({ input: process.stdin })
  .on('line', (line) => run(BigInt(line.split(' ')[1])))
  .on('close', () => process.exit());
process.stdout.write('ok client\n');
