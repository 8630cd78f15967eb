// One diagram in one place of the page: draws it, fits it, marks it, links it with the rows beside it.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { Marks } from './marks.js';
import { followSelection } from './selection.js';
import { addTools } from './tools.js';
import { followTouch } from './touch.js';
import { isReadable, showCurrent, showWhole } from './view.js';
import { words } from './words.js';

async function fetched(url) {
  const answer = await fetch(url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer;
}

export class Diagram {
  constructor(place) {
    this.place = place;
    this.opened = this.open().catch((error) => this.fail(error));
  }

  async open() {
    const [xml, states] = await Promise.all([this.readXml(), this.readStates()]);
    this.place.textContent = '';
    this.viewer = new NavigatedViewer({ container: this.place });
    await this.viewer.importXML(xml);
    this.marks = new Marks(this.viewer);
    this.marks.show(states);
    addTools(this);
    followTouch(this.viewer, this.place);
    followSelection(this.viewer);
    this.fitAgainOnResize();
    this.place.dataset.ready = 'true';
  }

  async readXml() {
    return (await fetched(this.place.dataset.diagramUrl)).text();
  }

  async readStates() {
    const { statesUrl } = this.place.dataset;
    return statesUrl ? (await fetched(statesUrl)).json() : this.statesBeside();
  }

  statesBeside() {
    const script = document.querySelector(`script[data-states-for="${this.place.id}"]`);
    return script ? JSON.parse(script.textContent) : {};
  }

  // Takes over the states beside it, which a poll may have replaced; the reader's view stays.
  async markAgain() {
    await this.opened;
    if (this.marks && !this.place.dataset.statesUrl) this.marks.show(this.statesBeside());
  }

  // Whole where it can be read so; else the step that is under way, if there is one.
  fit() {
    showWhole(this.viewer);
    const current = this.current();
    if (current && !isReadable(this.viewer)) showCurrent(this.viewer, current);
  }

  // The step that the page is about (data-current), else the most urgent one.
  current() {
    const { current } = this.place.dataset;
    return current && this.viewer.get('elementRegistry').get(current) ? current : this.marks.current();
  }

  // A tab or a drawer that opens gives the place its size only then.
  fitAgainOnResize() {
    this.resizing = new ResizeObserver(() => {
      if (!this.place.clientWidth) return;
      this.viewer.get('canvas').resized();
      this.fit();
    });
    this.resizing.observe(this.place);
  }

  fail(error) {
    const notice = document.createElement('p');
    notice.className = 'diagram-failure';
    notice.setAttribute('role', 'alert');
    notice.textContent = words.failed + error.message;
    this.place.replaceChildren(notice);
    this.place.dataset.ready = 'false';
  }

  close() {
    this.resizing?.disconnect();
    this.viewer?.destroy();
  }
}
