'use strict';
// What the Node server and the Node client of the interop checks share: the
// transcript on standard output, the test data, and the end of the process
// when whoever started it closes standard input.

const crypto = require('crypto');

// A transcript line is a conversation's name, a tab and what happened; the
// line "." ends a conversation.
function log(name, ...parts) {
  process.stdout.write(name + '\t' + parts.join(' ') + '\n');
}

// Headers whose values differ from run to run are shown without them.
const varying = { 'date': 'now', 'host': 'here' };

function logHeaders(name, what, raw) {
  for (let i = 0; i < raw.length; i += 2) {
    log(name, what, raw[i] + ':', varying[raw[i].toLowerCase()] || raw[i + 1]);
  }
}

function describe(err) {
  return `${err.code} ${err.message}`;
}

// block is 65521 bytes that look like compressed ones. Bodies are its repetition.
const block = Buffer.alloc(65521);
for (let i = 0, x = 2463534242; i < block.length; i++) {
  x ^= x << 13; x ^= x >>> 17; x ^= x << 5;
  block[i] = x & 255;
}

// pieces yields n bytes of the pattern in pieces of awkward sizes.
function* pieces(n) {
  const sizes = [1, 2, 15, 16, 17, 255, 4095, 4096, 4097, 16384, 65521];
  let at = 0;
  for (let i = 0; n > 0; i++) {
    const size = Math.min(n, sizes[i % sizes.length], block.length - at);
    yield block.subarray(at, at + size);
    at = (at + size) % block.length;
    n -= size;
  }
}

// pattern is n bytes of the pattern as one buffer.
function pattern(n) {
  return Buffer.concat([...pieces(n)]);
}

// send writes n bytes in blocks at the speed at which stream takes them.
function send(stream, n) {
  (function more() {
    while (n > 0) {
      const chunk = n < block.length ? block.subarray(0, n) : block;
      n -= chunk.length;
      if (!stream.write(chunk)) {
        stream.once('drain', more);
        return;
      }
    }
    stream.end();
  })();
}

// digest consumes stream and calls back with its length and SHA-256.
function digest(stream, callback) {
  const hash = crypto.createHash('sha256');
  let length = 0;
  stream.on('data', (chunk) => { hash.update(chunk); length += chunk.length; });
  stream.on('end', () => callback(`${length} ${hash.digest('hex')}`));
}

module.exports = { log, logHeaders, describe, pieces, pattern, send, digest };
