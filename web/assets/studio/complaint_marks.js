// The check's words on the elements they are about: a sign on the corner, the sentences as its title.
const OVERLAY = 'complaint';

function grouped(complaints) {
  const found = new Map();
  for (const one of complaints) {
    if (!one.element) continue;
    if (!found.has(one.element)) found.set(one.element, []);
    found.get(one.element).push(one);
  }
  return found;
}

function sign(complaints) {
  const made = document.createElement('span');
  const worst = complaints.some((one) => one.severity === 'error') ? 'error' : 'warning';
  made.className = `complaint-sign is-${worst}`;
  made.textContent = worst === 'error' ? '!' : '?';
  made.title = complaints.map((one) => one.words).join('\n');
  return made;
}

export class ComplaintMarks {
  constructor(modeler) {
    this.overlays = modeler.get('overlays');
    this.registry = modeler.get('elementRegistry');
  }

  show(complaints) {
    this.overlays.remove({ type: OVERLAY });
    for (const [id, own] of grouped(complaints)) {
      if (this.registry.get(id)) this.overlays.add(id, OVERLAY, { position: { top: -10, left: -10 }, html: sign(own) });
    }
  }
}
