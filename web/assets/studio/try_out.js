// 试算: values in, the decision's value and the rules that matched out.
import { words } from './words.js';

function made(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export class TryOut {
  constructor(page, written, modeler) {
    this.page = page;
    this.written = written;
    this.modeler = modeler;
    this.form = page.place.querySelector('[data-try]');
    this.choice = this.form.querySelector('[data-decision]');
    this.given = this.form.querySelector('[data-given]');
    this.outcome = page.place.querySelector('[data-outcome]');
    this.choice.addEventListener('change', () => this.showInputs());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.decide();
    });
    this.load();
    page.place.addEventListener('studio:changed', () => this.load());
  }

  async load() {
    const answer = await this.page.send(this.page.place.dataset.inputs, { body: await this.written() });
    const { decisions, words: told } = await answer.json();
    const chosen = this.choice.value;
    this.decisions = decisions;
    this.choice.replaceChildren(...decisions.map((one) => new Option(one.name, one.id, false, one.id === chosen)));
    this.showInputs();
    this.outcome.textContent = told || '';
  }

  showInputs() {
    const decision = this.decisions.find((one) => one.id === this.choice.value);
    const typed = this.values();
    const inputs = decision ? decision.inputs : [];
    this.given.replaceChildren(...inputs.map((name, index) => this.field(name, index, typed[name])));
    if (!inputs.length) this.given.replaceChildren(made('p', 'text-secondary', words.no_input));
  }

  field(name, index, value = '') {
    const box = made('div', 'mb-2');
    const label = made('label', 'form-label mb-0', name);
    label.htmlFor = `try-${index}`;
    const input = made('input', 'form-control form-control-sm');
    Object.assign(input, { id: `try-${index}`, name, value, autocomplete: 'off' });
    box.append(label, input);
    return box;
  }

  values() {
    const inputs = [...this.given.querySelectorAll('input')];
    return Object.fromEntries(inputs.map((input) => [input.name, input.value]));
  }

  async decide() {
    const asked = { content: await this.written(), decision: this.choice.value, values: this.values() };
    const answer = await this.page.send(this.page.place.dataset.decide, {
      body: JSON.stringify(asked),
      headers: { 'Content-Type': 'application/json' },
    });
    this.show(await answer.json());
  }

  show({ value, rules, words: told }) {
    this.outcome.replaceChildren();
    if (value !== undefined) this.outcome.append(made('p', 'fw-semibold mb-1', `${words.result}：${value}`));
    if (told) this.outcome.append(made('p', 'text-danger', told));
    if (rules?.length) this.outcome.append(this.ruleList(rules));
    this.markRules(rules || []);
  }

  ruleList(rules) {
    const list = made('ul', 'mb-0');
    for (const { number, note } of rules) list.append(made('li', '', `${words.rule(number)} ${note || ''}`));
    const box = made('div', '');
    box.append(made('b', '', words.rules), list);
    return box;
  }

  markRules(rules) {
    const matched = new Set(rules.map(({ id }) => id));
    for (const cell of this.page.canvas.querySelectorAll('.rule-index')) {
      cell.parentElement.classList.toggle('is-matched', matched.has(cell.dataset.rowId));
    }
  }
}
