// What the engine's check says, as a list below the editor; a line selects its element.
import { words } from './words.js';

function part(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

export class Results {
  constructor(place, select) {
    this.place = place;
    this.select = select;
  }

  say(text) {
    this.place.hidden = false;
    this.place.replaceChildren(this.head(text));
  }

  show(complaints, open) {
    if (this.place.hidden && !open) return;
    const errors = complaints.filter((one) => one.severity === 'error').length;
    const found = complaints.length ? words.counts(errors, complaints.length - errors) : words.nothing_found;
    const list = part('ul', 'studio-complaints', '');
    list.append(...complaints.map((one) => this.line(one)));
    this.place.hidden = false;
    this.place.replaceChildren(this.head(found), list);
  }

  head(text) {
    const head = part('div', 'studio-results-head', '');
    const told = part('b', '', text);
    told.setAttribute('role', 'status');
    const close = part('button', 'btn-close', '');
    close.type = 'button';
    close.setAttribute('aria-label', words.close);
    close.addEventListener('click', () => {
      this.place.hidden = true;
    });
    head.append(told, close);
    return head;
  }

  line(complaint) {
    const item = part('li', `is-${complaint.severity}`, '');
    const button = part('button', '', '');
    button.type = 'button';
    const where = complaint.file + (complaint.line ? `:${complaint.line}` : '');
    button.append(
      part('b', '', words[complaint.severity]),
      part('span', 'text-secondary', where),
      part('span', 'fw-semibold', complaint.name || complaint.element || ''),
      part('span', '', complaint.words),
    );
    button.addEventListener('click', () => complaint.element && this.select(complaint.element));
    item.append(button);
    return item;
  }
}
