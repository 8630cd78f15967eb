// form-js as the editor; the preview is drawn by the server, as officers will see it.
import { FormEditor } from '@bpmn-io/form-js-editor';
import { decoded } from './bytes.js';
import { translateWithin } from './dom_words.js';
import { formWords } from './form_words.js';

class Preview {
  constructor(page, read) {
    this.page = page;
    this.read = read;
    this.form = page.place.querySelector('[data-preview-form]');
    this.body = page.place.querySelector('[data-preview-body]');
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.show(event.submitter);
    });
    this.form.addEventListener('change', () => this.show());
  }

  // Files are not sent: nothing of a preview is kept.
  async show(pressed, fresh = false) {
    const typed = new URLSearchParams(fresh ? '' : [...new FormData(this.form)].filter(([, value]) => typeof value === 'string'));
    if (pressed?.name) typed.append(pressed.name, pressed.value);
    typed.set('_schema', await this.read());
    const answer = await this.page.send(this.page.place.dataset.preview, {
      body: typed.toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    this.body.innerHTML = await answer.text();
  }
}

function followTabs(page, preview) {
  const tabs = [...page.place.querySelectorAll('[data-tab]')];
  const sides = [...page.place.querySelectorAll('[data-page]')];
  const open = (name) => {
    for (const tab of tabs) tab.setAttribute('aria-selected', String(tab.dataset.tab === name));
    for (const side of sides) side.hidden = side.dataset.page !== name;
    if (name === 'preview') preview.show(undefined, true);
  };
  for (const tab of tabs) tab.addEventListener('click', () => open(tab.dataset.tab));
}

export async function openForm(page, bytes) {
  const editor = new FormEditor({ container: page.canvas });
  translateWithin(document.body, formWords);
  await editor.importSchema(JSON.parse(decoded(bytes)));
  const written = () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`;
  const content = async () => (page.dirty ? written() : bytes);
  // The import itself counts as a change; only what comes after it is the analyst's.
  setTimeout(() => editor.on('changed', () => page.changed()));
  followTabs(page, new Preview(page, async () => written()));
  page.place.editor = editor;
  return { losses: [], content, select: (id) => selectField(editor, id) };
}

function selectField(editor, id) {
  const field = editor.get('formFieldRegistry').get(id);
  if (field) editor.get('selection').set(field);
}
