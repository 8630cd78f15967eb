// What is done, under way, late or broken, shown on the shapes.
// Colour is never alone: a count or a sign stands on the corner, a note under the shape.
const STATES = ['done', 'active', 'overdue', 'incident'];
const URGENT_FIRST = ['incident', 'overdue', 'active'];
const OVERLAY = 'state';
// An open sub-process: its colour would lie under everything drawn in it.
const FRAME = 'is-frame';

const cssClass = (state) => `is-${state}`;

function label(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

export class Marks {
  constructor(viewer) {
    this.canvas = viewer.get('canvas');
    this.overlays = viewer.get('overlays');
    this.registry = viewer.get('elementRegistry');
    this.states = {};
  }

  // Replaces what was shown before. Ids that the diagram does not have are passed over:
  // an instance may have run elements of a called diagram.
  show(states) {
    this.clear();
    for (const [id, mark] of Object.entries(states)) {
      if (this.registry.get(id)) this.add(id, mark);
    }
  }

  add(id, mark) {
    const states = STATES.filter((state) => mark.states.includes(state));
    this.states[id] = states;
    for (const state of states) this.canvas.addMarker(id, cssClass(state));
    if (this.registry.get(id).children?.length) this.canvas.addMarker(id, FRAME);
    const sign = states.includes('incident') ? '!' : mark.count;
    if (sign) this.overlay(id, { top: -12, right: 12 }, label(`diagram-badge ${states.map(cssClass).join(' ')}`, sign));
    // Above the shape: boundary events and their names stand below it.
    if (mark.note) this.overlay(id, { top: -34, left: 0 }, label('diagram-note', mark.note));
  }

  overlay(id, position, html) {
    this.overlays.add(id, OVERLAY, { position, html });
  }

  clear() {
    this.overlays.remove({ type: OVERLAY });
    for (const [id, states] of Object.entries(this.states)) {
      for (const state of states) this.canvas.removeMarker(id, cssClass(state));
    }
    this.states = {};
  }

  // The id of the most urgent element under way, or undefined.
  current() {
    const ids = Object.keys(this.states).filter((id) => !this.registry.get(id).waypoints);
    for (const state of URGENT_FIRST) {
      const id = ids.find((candidate) => this.states[candidate].includes(state));
      if (id) return id;
    }
    return undefined;
  }
}
