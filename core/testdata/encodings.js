// Records how Node encodes and decodes, for encoding_test.go:
//
//	node encodings.js > encodings.json
//
// A text is kept only if it is well-formed, since a Go string holds UTF-8. For
// base64 and hex only Latin-1 is recorded: beyond it Node looks at the low
// byte of a code unit.
const encodings = ['utf8', 'latin1', 'ascii', 'base64', 'hex', 'utf16le'];

const texts = [
  '', 'a', 'hello', '\u0000\u007f', 'aé', 'ÿ', 'naïve café', '€', 'Łódź', '日本', '😀', 'a😀b',
  '\ufeffa', '\uffff', '\ud7ff\ue000', '\u{10ffff}',
  'Y', 'YQ', 'YQ=', 'YQ==', 'YWI', 'YWI=', 'YWJj', 'YW Jj', 'YQ==Yg==', 'YQ=b', '=YQ', '====', 'YWJj\r\nZGVm\r\n',
  '-_+/', '----', '____', 'YWJj!ZGVm', 'éYWJj', 'AAAAA', '+/+/+w',
  'ab', 'abc', 'ABcd', 'abzz', 'zzab', '0G12', 'a', '00ff10', '0x12', 'ab cd', 'é1', '1é',
];

const bytes = [
  '', '61', '616263', '00', '7f80ff', 'c3a9', 'e282ac', 'f09f9880', 'efbbbf61',
  // Cut off, and the rest of it.
  'c3', 'e282', 'f09f98', 'f09f', 'c361', 'e28261', 'e2828261', 'f09f9861', 'f0e282ac', 'e2f09f9880',
  // Never allowed: lone continuation, overlong, surrogate, too large, no lead.
  '80', 'ffff', 'c080', 'e08080', 'f0808080', 'eda080', 'edbfbf', 'f4908080', 'f5808080', 'fe', '61ff62fe63',
  'e0a0', 'ed9f', 'eda0', 'f48f', 'f490', 'f08f', 'f090', 'c2', 'c1', 'e180e2', 'f1808080c2',
  // Odd, surrogates lone, swapped and paired.
  '6100', '610062', 'ac20', '3dd800de', '3dd8', '00de3dd8', '3dd86100', '00d800d800dc',
  'ff', 'fffe', 'fffefd', 'fffefdfc', 'fbff', '000102030405060708090a0b0c0d0e0f',
];

const rows = { append: [], decode: [] };
for (const encoding of encodings) {
  for (const text of texts) {
    if (/hex|base64/.test(encoding) && /[^\u0000-\u00ff]/.test(text)) continue;
    rows.append.push([encoding, text, Buffer.from(text, encoding).toString('hex')]);
  }
  for (const hex of bytes) {
    rows.decode.push([encoding, hex, Buffer.from(hex, 'hex').toString(encoding).toWellFormed()]);
  }
}
const list = (a) => '[\n    ' + a.map((r) => JSON.stringify(r)).join(',\n    ') + '\n  ]';
console.log(`{\n  "node": "${process.version}",\n  "append": ${list(rows.append)},\n  "decode": ${list(rows.decode)}\n}`);
