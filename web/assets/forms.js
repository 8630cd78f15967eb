// What is typed or chosen while the server works is not lost: an exchange of the form brings back
// the values that were sent, so everything changed since then is put back over them.
import './forms.css';
import './lib/connection.js';

const FORM_BODY = 'form-body';
const changed = new Map();
let removedFrom = null;

function isTyped(element) {
  return element.id && element.type !== 'file' && element.closest(`#${FORM_BODY}`);
}

function remember({ target }) {
  if (!isTyped(target)) return;
  // Choosing one radio button unchooses its sisters; each of them is remembered as it is now.
  const group = target.type === 'radio' ? document.getElementsByName(target.name) : [target];
  group.forEach(({ id, value, checked }) => changed.set(id, { value, checked }));
}

function putBack({ value, checked }, id) {
  const element = document.getElementById(id);
  // After a row was removed the following rows have moved up: nothing in them can be put back.
  const moved = removedFrom && id.startsWith(removedFrom);
  if (!element || element.readOnly || element.disabled || moved) return;
  if (element.type === 'checkbox' || element.type === 'radio') element.checked = checked;
  else element.value = value;
}

document.addEventListener('input', remember);
document.addEventListener('change', remember);

// The values are collected just before this event: what changes from here on is newer.
document.addEventListener('htmx:beforeSend', ({ target }) => {
  if (!target.closest(`#${FORM_BODY}`)) return;
  changed.clear();
  removedFrom = target.name === '_remove' ? `f-${target.value.replace(/\d+$/, '')}` : null;
});

// The button that was pressed is gone: a new row takes the focus, else the button that adds one.
function focusRow({ name, value }) {
  if (name !== '_add' && name !== '_remove') return;
  const list = document.getElementById(`f-${name === '_add' ? value : value.replace(/-\d+$/, '')}`);
  const rows = list ? list.querySelectorAll('.repeating-row') : [];
  const first = name === '_add' && rows.length && rows[rows.length - 1].querySelector('input:not([type="hidden"]), select, textarea');
  const next = first || (list && list.querySelector('[name="_add"]'));
  if (next) next.focus();
}

const isFormBody = (elt) => elt.id === FORM_BODY || Boolean(elt.querySelector(`#${FORM_BODY}`));

// At once and not only after settling: whoever presses the button in between sends what he typed.
document.addEventListener('htmx:afterSwap', ({ detail: { elt } }) => {
  if (isFormBody(elt)) changed.forEach(putBack);
});

// A dialog for files stands open while the form is exchanged, or a file waits for its turn to be
// sent: its input is gone then, so what was chosen in it is handed on to the one in its place.
const FILES = `#${FORM_BODY} input[type="file"]`;
const SETTLED = 100;
let leaving = [];

function handOn(old) {
  const fresh = document.getElementById(old.id);
  if (old.isConnected || !fresh || !old.files.length) return;
  const carried = new DataTransfer();
  [...old.files].forEach((file) => carried.items.add(file));
  fresh.files = carried.files;
  old.value = '';
}

// What was sent has left its input; what stands in one has yet to be sent.
function sendFiles() {
  const waiting = [...document.querySelectorAll(FILES)].filter((input) => input.files.length);
  for (const input of waiting) input.dispatchEvent(new Event('change', { bubbles: true }));
}

function chosenLate({ target }) {
  if (target.isConnected) return;
  setTimeout(() => {
    handOn(target);
    sendFiles();
  }, SETTLED);
}

document.addEventListener('htmx:beforeSwap', ({ detail: { target, requestConfig } }) => {
  const inputs = isFormBody(target) ? [...target.querySelectorAll('input[type="file"]')] : [];
  leaving = inputs.filter((input) => input !== requestConfig.elt);
  for (const old of leaving) old.addEventListener('change', chosenLate);
});

document.addEventListener('htmx:afterSettle', ({ detail: { elt, requestConfig } }) => {
  if (!isFormBody(elt)) return;
  focusRow(requestConfig.elt);
  leaving.forEach(handOn);
  leaving = [];
  sendFiles();
});

// “现在” beside a question for date and time: one tap instead of a picker. The time is the server's,
// carried on by the browser's stopwatch, for the clock of an office machine may be wrong.
const opened = performance.now();

function wallTime() {
  const loaded = Date.parse(`${document.querySelector('[data-server-now]').dataset.serverNow.replace(' ', 'T')}Z`);
  return new Date(loaded + performance.now() - opened).toISOString().slice(0, 16);
}

function offerNow() {
  for (const button of document.querySelectorAll('[data-now-for]')) button.hidden = false;
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-now-for]');
  if (!button) return;
  const input = document.getElementById(button.dataset.nowFor);
  input.value = wallTime();
  for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true }));
});
document.addEventListener('DOMContentLoaded', offerNow);
document.addEventListener('htmx:afterSwap', offerNow);
