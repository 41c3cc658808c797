'use strict'

// The referee: servers and clients of a real Node whose listeners write down what
// they see. The first line of standard output is the ports of the servers, in the
// order of modes; every other line is the sight of one connection, as soon as that
// is over. Each line of standard input is a request to make. It ends with its
// standard input.

const http = require('http')

let lines = ''

// Many lines leave in one write.
function tell(line) {
  if (lines === '') {
    setImmediate(() => {
      process.stdout.write(lines)
      lines = ''
    })
  }
  lines += JSON.stringify(line) + '\n'
}

const nothing = () => {}

// latin1 is what the bytes of all texts are told as.
function message(event, m) {
  return {
    event,
    method: m.method || '',
    url: m.url || '',
    status: m.statusCode || 0,
    reason: m.statusMessage || '',
    version: m.httpVersion,
    headers: m.rawHeaders,
    body: '',
    trailers: [],
    complete: false,
    error: '',
  }
}

// rest takes what comes on a socket that is no longer HTTP's.
function rest(seen, socket, head) {
  seen.body += head.latin1Slice()
  socket.on('data', (chunk) => { seen.body += chunk.latin1Slice() })
  socket.on('end', () => socket.end())
  socket.on('error', nothing)
}

// Incoming notes its body when the parser delivers it, not when a listener gets
// it, which depends on what arrives together.
class Incoming extends http.IncomingMessage {
  push(chunk, encoding) {
    if (this.seen === undefined) {
      // of another protocol
    } else if (chunk !== null) {
      this.seen.body += chunk.latin1Slice()
    } else {
      this.seen.complete = this.complete
      this.seen.trailers = this.rawTrailers
    }
    return super.push(chunk, encoding)
  }
}

function serve({ errors, upgrades, early, insecure }) {
  const server = http.createServer({ IncomingMessage: Incoming, insecureHTTPParser: insecure })
  server.on('connection', (socket) => {
    const key = `${socket.localPort}/${socket.remotePort}`
    socket.sight = { key, messages: [], error: '', pooled: false }
    socket.on('close', () => tell(socket.sight))
  })
  server.on('request', (req, res) => {
    req.seen = message('request', req)
    req.socket.sight.messages.push(req.seen)
    req.on('error', nothing)
    req.resume()
    if (early) {
      res.end()
    } else {
      req.on('end', () => res.end())
    }
  })
  for (const event of upgrades ? ['connect', 'upgrade'] : ['connect']) {
    server.on(event, (req, socket, head) => {
      const seen = message(event, req)
      socket.sight.messages.push(seen)
      rest(seen, socket, head)
    })
  }
  if (errors) {
    server.on('clientError', (err, socket) => {
      if (socket.sight.error === '') {
        socket.sight.error = err.code
      }
      socket.destroy()
    })
  }
  return server
}

// ask makes a request and writes down how it went, once request, response and socket
// are over.
function ask({ key, port, method, upgrade, insecure }) {
  const sight = { key, messages: [], error: '', pooled: false }
  const agent = new http.Agent({ keepAlive: true })
  agent.keepSocketAlive = () => {
    sight.pooled = true
    return false
  }
  let open = 2
  const over = () => {
    if (--open === 0) {
      setImmediate(() => tell(sight))
    }
  }
  const headers = upgrade ? { connection: 'upgrade', upgrade: 'fuzz' } : {}
  const req = http.request({
    host: '127.0.0.1', port, path: '/' + key, method, agent, headers, insecureHTTPParser: insecure,
  })
  req.on('socket', (socket) => socket.on('close', over))
  req.on('information', (info) => {
    sight.messages.push({ ...message('information', info), reason: info.statusMessage })
  })
  for (const event of upgrade ? ['connect', 'upgrade'] : ['connect']) {
    req.on(event, (res, socket, head) => {
      const seen = message(event, res)
      sight.messages.push(seen)
      rest(seen, socket, head)
    })
  }
  req.on('response', (res) => {
    const seen = message('response', res)
    sight.messages.push(seen)
    res.on('data', (chunk) => { seen.body += chunk.latin1Slice() })
    res.on('end', () => {
      seen.complete = res.complete
      seen.trailers = res.rawTrailers
    })
    res.on('error', (err) => { seen.error = err.code })
    open++
    res.on('close', over)
  })
  req.on('error', (err) => { sight.error = err.code })
  req.on('close', over)
  req.end()
}

// Each bit of a mode's number is one of these.
const servers = Array.from({ length: 16 }, (_, mode) => serve({
  errors: (mode & 1) !== 0, upgrades: (mode & 2) !== 0, early: (mode & 4) !== 0, insecure: (mode & 8) !== 0,
}))
let listening = 0
for (const server of servers) {
  server.listen(0, '127.0.0.1', 4096, () => {
    if (++listening === servers.length) {
      tell(servers.map((s) => s.address().port))
    }
  })
}

let unread = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text) => {
  const asked = (unread + text).split('\n')
  unread = asked.pop()
  for (const line of asked) {
    ask(JSON.parse(line))
  }
})
process.stdin.on('end', () => process.exit(0))
