// What the three editors share: opening the bytes, saving drafts, checking, leaving for publication.
//
// An editor is `open(page, bytes) → { content(), losses, select?(id), mark?(complaints) }`; it calls
// page.changed() for every change.
import { ask } from './asking.js';
import { Results } from './results.js';
import { words } from './words.js';

const CHECK_AFTER = 900;

class Page {
  constructor(place) {
    this.place = place;
    this.canvas = place.querySelector('[data-canvas]');
    this.told = place.querySelector('[data-saved]');
    this.results = new Results(place.querySelector('[data-results]'), (id) => this.editor.select?.(id));
    this.dirty = false;
    this.agreed = false;
  }

  async open(openEditor) {
    try {
      const answer = await this.send(this.place.dataset.content, { method: 'GET' });
      this.editor = await openEditor(this, await answer.arrayBuffer());
    } catch (error) {
      this.fail(error);
      return;
    }
    this.bind();
    this.check();
    this.place.dataset.ready = 'true';
  }

  bind() {
    const acts = { save: () => this.save(), check: () => this.check(true), publish: (it) => this.publish(it.dataset.url) };
    for (const button of this.place.querySelectorAll('[data-act]')) {
      button.addEventListener('click', () => acts[button.dataset.act](button));
    }
    window.addEventListener('beforeunload', (event) => {
      if (!this.dirty) return;
      event.preventDefault();
      event.returnValue = '';
    });
    document.addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return;
      event.preventDefault();
      this.save();
    });
  }

  changed() {
    this.dirty = true;
    this.told.textContent = words.unsaved;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.settled(), CHECK_AFTER);
  }

  // The typing has paused: what depends on the content is asked again.
  settled() {
    this.check();
    this.place.dispatchEvent(new Event('studio:changed'));
  }

  // True once the draft is kept; what the editor could not read is never dropped without asking.
  async save() {
    if (!(await this.mayDrop())) return false;
    try {
      const base = encodeURIComponent(this.place.dataset.base);
      const answer = await this.send(`${this.place.dataset.save}?base=${base}`, { body: await this.editor.content() });
      this.dirty = false;
      this.told.textContent = words.saved((await answer.json()).saved_at);
      return true;
    } catch (error) {
      this.told.textContent = words.save_failed + error.message;
      return false;
    }
  }

  async mayDrop() {
    const { losses } = this.editor;
    if (this.agreed || losses.length === 0) return true;
    this.agreed = await ask(words.losses(losses.length), losses, words.losses_kept, words.save_anyway);
    return this.agreed;
  }

  // Shown beside the elements; the list opens when it is asked for, or is open already.
  async check(asked = false) {
    if (asked) this.results.say(words.checking);
    try {
      const answer = await this.send(this.place.dataset.check, { body: await this.editor.content() });
      const { complaints } = await answer.json();
      const here = complaints.filter((one) => one.file === this.place.dataset.file);
      this.results.show(complaints, asked);
      this.editor.mark?.(here);
    } catch (error) {
      if (asked) this.results.say(words.check_failed + error.message);
    }
  }

  async publish(url) {
    if (this.dirty && !(await this.save())) return;
    window.location.assign(url);
  }

  async send(url, { method = 'POST', body, headers = {} } = {}) {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const answer = await fetch(url, {
      method,
      body,
      credentials: 'same-origin',
      // An htmx header has the server answer a failure with its sentence alone.
      headers: { 'X-CSRFToken': token, 'HX-Request': 'true', 'Content-Type': 'application/octet-stream', ...headers },
    });
    if (answer.headers.get('HX-Redirect')) window.location.assign(answer.headers.get('HX-Redirect'));
    if (!answer.ok && answer.status !== 422) throw new Error(sentenceOf(await answer.text()) || `${answer.status}`);
    return answer;
  }

  fail(error) {
    const notice = document.createElement('p');
    notice.className = 'error-summary m-3';
    notice.setAttribute('role', 'alert');
    notice.textContent = words.failed + error.message;
    this.canvas.replaceChildren(notice);
    this.place.dataset.ready = 'false';
  }
}

function sentenceOf(html) {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent.trim();
}

function isTooOld() {
  return typeof ResizeObserver === 'undefined' || typeof TextDecoder === 'undefined';
}

export function start(openEditor) {
  const place = document.querySelector('[data-studio]');
  if (!place) return;
  const page = new Page(place);
  if (isTooOld()) page.fail(new Error(words.too_old));
  else page.open(openEditor);
}
