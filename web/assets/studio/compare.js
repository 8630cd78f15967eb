// Two diagrams, their differences marked on the elements and listed with both values.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import { decoded } from './bytes.js';
import { differences, factsOf } from './facts.js';
import { showWhole } from '../diagram/view.js';
import { words } from './words.js';

const READABLE = 0.8;
const LAYOUT = /^Diagram|Plane/;
// Which elements point at which is told by the flows themselves.
const REPEATED = /^(incoming|outgoing|flowNodeRef)\b|∋/;

async function shown(place) {
  const answer = await fetch(place.dataset.content, { credentials: 'same-origin' });
  const viewer = new NavigatedViewer({ container: place, moddleExtensions: { camunda } });
  await viewer.importXML(decoded(await answer.arrayBuffer()));
  showWhole(viewer);
  return viewer;
}

function together(viewers) {
  let following = false;
  for (const [index, viewer] of viewers.entries()) {
    viewer.on('canvas.viewbox.changed', ({ viewbox }) => {
      if (following) return;
      following = true;
      viewers[1 - index].get('canvas').viewbox({ x: viewbox.x, y: viewbox.y, width: viewbox.width, height: viewbox.height });
      following = false;
    });
  }
}

// A shape's place is told as a move of the element it draws.
function readable(found, owners) {
  const told = new Map();
  for (const { id, kind, changes } of found) {
    const drawn = owners.get(id);
    const telling = changes.filter(({ path }) => !REPEATED.test(path));
    if (!telling.length || LAYOUT.test(id)) continue;
    const target = drawn || id;
    const known = told.get(target) || { id: target, kind: drawn ? 'moved' : kind, changes: [] };
    if (!drawn) Object.assign(known, { kind, changes: [...known.changes, ...telling] });
    told.set(target, known);
  }
  return [...told.values()];
}

function drawnElements(definitions) {
  const owners = new Map();
  for (const diagram of definitions.diagrams || []) {
    for (const part of diagram.plane.planeElement || []) {
      if (part.id && part.bpmnElement) owners.set(part.id, part.bpmnElement.id);
    }
  }
  return owners;
}

function nameOf(viewers, id) {
  for (const viewer of [...viewers].reverse()) {
    const element = viewer.get('elementRegistry').get(id);
    if (element?.businessObject.name) return element.businessObject.name;
  }
  return id;
}

function mark(viewers, found) {
  for (const viewer of viewers) {
    const registry = viewer.get('elementRegistry');
    for (const { id, kind } of found) {
      if (registry.get(id)) viewer.get('canvas').addMarker(id, `is-${kind}`);
    }
  }
}

function line(viewers, { id, kind, changes }) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.difference = id;
  const head = document.createElement('b');
  head.textContent = `${words[kind]} ${nameOf(viewers, id)} `;
  head.className = `is-${kind}`;
  const code = document.createElement('code');
  code.textContent = id;
  button.append(head, code);
  if (kind === 'changed') button.append(...changes.map(changeLine));
  button.addEventListener('click', () => show(viewers, id));
  item.append(button);
  return item;
}

function changeLine({ path, from, to }) {
  const made = document.createElement('div');
  made.textContent = `${path === 'name' ? words.name : path}：${from ?? words.empty} → ${to ?? words.empty}`;
  return made;
}

function show(viewers, id) {
  for (const viewer of viewers) {
    const element = viewer.get('elementRegistry').get(id);
    if (!element) continue;
    const canvas = viewer.get('canvas');
    if (canvas.zoom() < READABLE) canvas.zoom(READABLE);
    canvas.scrollToElement(element, 60);
    viewer.get('selection').select(element);
  }
}

export async function compare(place) {
  const told = document.querySelector('[data-differences]');
  try {
    const sides = [...place.querySelectorAll('[data-side]')];
    const viewers = await Promise.all(sides.map(shown));
    const [before, after] = viewers.map((viewer) => viewer.getDefinitions());
    const owners = new Map([...drawnElements(before), ...drawnElements(after)]);
    const found = readable(differences(factsOf(before), factsOf(after)), owners);
    mark(viewers, found);
    together(viewers);
    const list = document.createElement('ul');
    list.className = 'studio-complaints';
    list.append(...found.map((one) => line(viewers, one)));
    told.replaceChildren(found.length ? list : document.createTextNode(words.same));
    place.dataset.ready = 'true';
  } catch (error) {
    told.textContent = words.failed + error.message;
    place.dataset.ready = 'false';
  }
}
