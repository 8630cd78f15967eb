// What is typed while the server works is not lost: an exchange of the form brings back the values
// that were sent, so everything changed since then is put back over them.
import './forms.css';

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

document.addEventListener('htmx:afterSettle', ({ detail: { elt, requestConfig } }) => {
  if (elt.id !== FORM_BODY && !elt.querySelector(`#${FORM_BODY}`)) return;
  changed.forEach(putBack);
  focusRow(requestConfig.elt);
});
