// Asks a Node what its http module is like, and prints one JSON object: what there is, by
// the names that the model uses, and what it is. It runs in every Node from 0.8 on, so it
// is written in the JavaScript of that time. What cannot be asked of a Node is left out.
'use strict';

var kit = require('./kit.js'); // first: it looks at every event
var http = require('http');
var facts = {};
var open = 0;
var parts = [require('./members.js'), require('./options.js'), require('./behaviours.js'), require('./changes.js'), require('./tables.js')];

// An answer is a value; undefined says that this Node cannot be asked.
function answer(name, value) {
  if (value !== undefined && !(name in facts)) facts[name] = value;
}

function ask(name, question) {
  var done = false;
  function tell(value) {
    if (done) return;
    done = true;
    answer(name, value);
    if (--open === 0) finish();
  }
  open++;
  kit.later(function () { tell(undefined); }, 5000);
  try {
    question(tell);
  } catch (err) {
    if (process.env.PROBE_DEBUG) console.error(name, err.stack);
    tell(undefined);
  }
}

// What a history tells is at times what a behaviour is.
var same = {
  "ClientRequest 'response' behaviour 1": ['flowsAtOnce', false],
  "ClientRequest 'upgrade' behaviour 1": ['upgradeUnasked', false],
  "ClientRequest 'upgrade' behaviour 2": ['upgradeAnyStatus', false],
  "IncomingMessage 'data' behaviour 1": ['flowsAtOnce', false],
  "IncomingMessage 'end' behaviour 1": ['cutResponseEnds', false],
  "IncomingMessage 'error' behaviour 1": ['cutMessageErrors', true],
  "IncomingMessage 'close' behaviour 2": ['closeTellsEnd', true],
  "IncomingMessage 'close' behaviour 3": ['requestClosesAtEnd', true],
  'IncomingMessage behaviour 2': ['consumedDestroyed', true],
  'OutgoingMessage.removeHeader behaviour 1': ['removedStay', true],
  "Server 'clientError' behaviour 1": ['clientErrorCloses', false],
  "Server 'clientError' behaviour 2": ['clientErrorAnswers', true],
  "Server 'clientError' behaviour 4": ['overflowAnswers', true],
  "Server 'upgrade' behaviour 1": ['upgradeUnheardCloses', false],
  'Server.close behaviour 1': ['closeEndsIdle', true],
  'Server.listen behaviour 1': ['listensIPv6', true],
  "ServerResponse 'close' behaviour 1": ['closeTellsEnd', true]
};

function finish() {
  Object.keys(same).forEach(function (name) {
    var value = facts['behaviours.' + same[name][0]];
    if (value !== undefined) answer(name, value === same[name][1]);
  });
  var sorted = {};
  Object.keys(facts).sort().forEach(function (name) {
    sorted[name] = facts[name] === Infinity ? 'Infinity' : facts[name];
  });
  process.stdout.write(JSON.stringify(sorted) + '\n', function () { process.exit(0); });
}

process.on('uncaughtException', function (err) {
  if (process.env.PROBE_DEBUG) console.error(err.stack);
});

// One after the other, so that a slow machine does not mix up what is timed.
var questions = [];
parts.forEach(function (part) {
  part(function (name, question) { questions.push([name, question]); }, answer);
});
open++;
(function next(at) {
  var batch = questions.slice(at, at + 6);
  if (batch.length === 0) {
    if (--open === 0) finish();
    return;
  }
  var left = batch.length;
  batch.forEach(function (q) {
    ask(q[0], function (tell) {
      var told = false;
      function once(value) {
        if (told) return;
        told = true;
        tell(value);
        if (--left === 0) setTimeout(function () { next(at + 6); }, 0);
      }
      kit.later(function () { once(undefined); }, 4000);
      try {
        q[1](once);
      } catch (err) {
        if (process.env.PROBE_DEBUG) console.error(q[0], err.stack);
        once(undefined);
      }
    });
  });
})(0);
