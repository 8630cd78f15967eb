// One question with its reasons, answered by two buttons.
import { words } from './words.js';

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

// A promise of true where the reader agrees; Escape is a no.
export function ask(title, reasons, note, agree) {
  const dialog = element('dialog', 'studio-ask');
  const list = element('ul', '');
  list.append(...reasons.map((reason) => element('li', '', reason)));
  const yes = element('button', 'btn btn-sm btn-outline-danger', agree);
  const no = element('button', 'btn btn-sm btn-primary', words.cancel);
  const buttons = element('div', 'd-flex gap-2 justify-content-end');
  buttons.append(yes, no);
  dialog.append(element('p', 'fw-semibold', title), list, element('p', 'text-secondary', note), buttons);
  document.body.append(dialog);
  return new Promise((resolve) => {
    yes.addEventListener('click', () => dialog.close('yes'));
    no.addEventListener('click', () => dialog.close('no'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    dialog.showModal();
  });
}
