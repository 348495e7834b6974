'use strict';
// Everything is set as text, so that what other members report never becomes markup.

const PERIOD_MILLIS = 1000;
// Longer than the sidecar waits for the other members.
const TIMEOUT_MILLIS = 4000;

const $ = id => document.getElementById(id);
const shown = new Map();
let lastAnswer = null;

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content.filter(part => part !== null && part !== undefined));
  return made;
}

/** Rebuilds a part of the page only when its data changed: a selection in it then survives. */
function part(name, data, build) {
  const text = JSON.stringify(data);
  if (shown.get(name) === text) return;
  shown.set(name, text);
  build(data);
}

function section(id, visible) { $(id).hidden = !visible; }

function duration(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour12: false });
}

/** A time with its date where that is not today's. */
function moment(iso) {
  const at = new Date(iso);
  const made = element('time', '', at.toDateString() === new Date().toDateString() ? clock(iso)
    : at.toLocaleDateString([], { month: 'short', day: 'numeric' }) + ' ' + clock(iso));
  made.dateTime = iso;
  made.title = iso;
  return made;
}

/** Text with `code` between backticks. */
function withCode(text) {
  return text.split('`').map((piece, i) => i % 2 ? element('code', '', piece) : piece);
}

const STATE_CLASS = { PRIMARY: 'good', SECONDARY: 'good', ARBITER: 'good', STARTUP: 'busy', STARTUP2: 'busy',
  RECOVERING: 'warn', ROLLBACK: 'warn', UNKNOWN: 'bad', DOWN: 'bad', REMOVED: 'bad' };
const KIND_CLASS = { settled: 'good', wait: 'warn', act: 'busy', refuse: 'bad' };

function badge(text, className) { return element('span', 'badge ' + (className || ''), text); }

const label = member => member.name || member.host;

function renderHeader(status) {
  document.title = `${status.self || 'Muster'} · ${status.setName || ''}`;
  $('self').textContent = status.self || 'Muster';
  $('ready').textContent = status.ready ? 'ready' : 'not ready';
  $('ready').className = 'badge ' + (status.ready ? 'good' : 'bad');
  $('paused').hidden = !status.paused;
  $('readyReason').textContent = status.readyReason || '';
  const facts = [['Replica set', status.setName], ['Id', status.replicaSetId, 'wide'],
    ['Primary', status.primary || (status.members ? 'none' : undefined)],
    ['Configuration', status.configVersion === undefined ? undefined
      : `version ${status.configVersion}` + (status.configTerm >= 0 ? `, term ${status.configTerm}` : '')],
    ['Committed', status.configCommitted === undefined ? undefined
      // Only a primary knows.
      : status.configCommitted ? 'yes' : (status.primary === status.self ? 'not yet' : 'only the primary knows')],
    ['Election term', status.electionTerm],
    ['Approved', status.approval && `${status.approval.what}, `
      + (status.approval.expired ? 'expired' : `until ${status.approval.validUntil}`), 'wide']];
  $('facts').replaceChildren(...facts.filter(([, value]) => value !== undefined).map(([name, value, className]) =>
    element('div', className, element('dt', '', name), element('dd', '', String(value)))));
}

function renderDecision(decision, whatToDo, at) {
  $('kind').textContent = decision.kind;
  $('kind').className = 'badge ' + KIND_CLASS[decision.kind];
  $('reason').textContent = decision.reason;
  const seconds = Math.max(0, (new Date(at) - new Date(decision.since)) / 1000);
  $('since').textContent = `for ${duration(seconds)}`;
  $('since').title = decision.since;
  $('message').textContent = decision.message;
  $('whatToDo').replaceChildren(...withCode('What to do: ' + whatToDo));
}

function cell(name, className, ...content) {
  const made = element('td', className, ...content);
  made.dataset.label = name;
  return made;
}

function cloned(member) {
  if (member.cloneProgress === undefined) return [member.clonedFrom || '–'];
  const bar = element('progress');
  bar.max = 1;
  bar.value = member.cloneProgress;
  const percent = `${Math.floor(member.cloneProgress * 100)} %`;
  bar.setAttribute('aria-label', 'copied');
  return [member.clonedFrom || 'source not known', element('span', 'note', bar, percent)];
}

function memberRow(member) {
  const kinds = [member.self ? 'this member' : null, member.arbiter ? 'arbiter' : null, member.hidden ? 'hidden' : null,
    member.priority === 0 && !member.arbiter ? 'priority 0' : null].filter(kind => kind);
  const state = member.healthy ? badge(member.state, STATE_CLASS[member.state]) : badge(`${member.state}, not healthy`, 'bad');
  const known = (value, text) => value === undefined ? '–' : text;
  return element('tr', '',
    cell('Member', 'name', label(member), member.name ? null : element('span', 'note', 'not a stable name'),
      kinds.length ? element('span', 'note', kinds.join(', ')) : null),
    cell('State', 'state', state),
    cell('Votes', 'number', String(member.votes)),
    cell('Lag', 'number', known(member.lagSeconds, member.lagSeconds + ' s')),
    cell('Cloned from', '', ...cloned(member)),
    cell('Syncs from', '', member.syncSource || '–'),
    cell('Ping', 'number', known(member.pingMillis, member.pingMillis + ' ms')),
    cell('Up', 'number', member.healthy ? known(member.uptimeSeconds, duration(member.uptimeSeconds)) : '–'));
}

/** One line for every path from a member whose own source is not known to one from which no other member cloned. */
function chains(members) {
  const children = new Map();
  const cloners = new Set();
  for (const member of members) {
    if (!member.clonedFrom) continue;
    cloners.add(label(member));
    children.set(member.clonedFrom, (children.get(member.clonedFrom) || []).concat(label(member)));
  }
  const lines = [];
  const walk = (path, name) => {
    // After a wipe, two members can have cloned from each other.
    const next = (children.get(name) || []).filter(child => !path.includes(child) && child !== name);
    if (next.length === 0 && path.length > 0) lines.push([...path, name]);
    next.forEach(child => walk([...path, name], child));
  };
  const roots = [...children.keys()].filter(source => !cloners.has(source));
  roots.forEach(root => walk([], root));
  // A pure circle has no root: start it anywhere, so that no member is left out.
  [...children.keys()].filter(source => !lines.some(line => line.includes(source))).slice(0, 1)
    .forEach(source => walk([], source));
  return lines;
}

function renderClones({ lines, primary }) {
  $('clones').replaceChildren(...lines.map(line => element('li', '', ...line.flatMap((name, i) => {
    const node = element('span', 'node' + (name === primary ? ' primary' : ''), name);
    return i === 0 ? [node] : [element('span', 'arrow', '→'), node];
  }))));
}

function renderHistory(history) {
  $('history').replaceChildren(...history.map(change => element('li', '', moment(change.at),
    badge(change.kind, KIND_CLASS[change.kind]),
    element('span', '', element('strong', '', change.reason), ' ' + change.message,
      change.outcome ? element('span', 'note', change.outcome) : null))));
}

function render(status) {
  const members = status.members || [];
  const missing = status.missing || [];
  part('header', { ...status, rules: 0, history: 0, members: members.length > 0, missing: 0, at: 0, decision: 0 }, renderHeader);
  section('decisionSection', status.decision);
  if (status.decision) renderDecision(status.decision, status.whatToDo, status.at);
  section('membersSection', members.length > 0);
  part('members', members, data => $('members').replaceChildren(...data.map(memberRow)));
  section('missingSection', missing.length > 0);
  part('missing', missing, data => $('missing').replaceChildren(...data.map(one =>
    element('li', '', element('strong', '', one.name), ' ' + one.why,
      one.decision && one.name !== status.self ? element('span', 'note', `its sidecar says ${one.decision.kind}: ${one.decision.message}`) : null))));
  const lines = chains(members);
  section('clonesSection', lines.length > 0);
  part('clones', { lines, primary: status.primary }, renderClones);
  section('rulesSection', status.rules && status.rules.length > 0);
  part('rules', status.rules || [], data => $('rules').replaceChildren(...data.map(rule =>
    element('li', rule.said === 'passed' ? '' : rule.said, element('span', '', rule.rule), element('span', '', rule.why)))));
  section('historySection', status.history && status.history.length > 0);
  part('history', status.history || [], renderHistory);
  $('at').textContent = status.at ? clock(status.at) : '–';
  $('main').removeAttribute('aria-busy');
}

function renderLost(error) {
  $('lost').hidden = false;
  $('lost').textContent = `The sidecar does not answer (${error.message}). `
    + (lastAnswer ? `This page shows the state at ${clock(lastAnswer)}.` : 'It has not answered yet.');
  $('main').classList.add('stale');
}

async function refresh() {
  try {
    const response = await fetch('/status', { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
    // 503 comes with a status too: no cycle has finished yet.
    if (!response.ok && response.status !== 503) throw new Error(`HTTP ${response.status}`);
    render(await response.json());
    lastAnswer = new Date().toISOString();
    $('lost').hidden = true;
    $('main').classList.remove('stale');
  } catch (error) {
    renderLost(error);
  }
}

async function follow() {
  // A page that is not visible sends no requests.
  if (!document.hidden) await refresh();
  setTimeout(follow, PERIOD_MILLIS);
}
follow();
