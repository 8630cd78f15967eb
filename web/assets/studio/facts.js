// A diagram as facts: every element by its id, every property by its path. Two diagrams that say the
// same have the same facts, however their files are laid out. `before` and `after` are moddle trees.
const isElement = (value) => Boolean(value) && typeof value === 'object' && typeof value.$type === 'string';

function written(value) {
  if (isElement(value)) return value.id ? `→${value.id}` : value.$type;
  return typeof value === 'string' ? value.trim() : String(value);
}

function propertiesOf(element) {
  const described = element.$descriptor.properties || [];
  const own = described.filter((one) => !one.isVirtual && Object.hasOwn(element, one.name) && one.name !== 'id');
  const found = own.map((one) => [one.name, element[one.name], one.isReference]);
  const foreign = Object.entries(element.$attrs || {}).filter(([name]) => !name.startsWith('xmlns'));
  return [...found, ...foreign.map(([name, value]) => [name, value, false])];
}

class Facts {
  constructor() {
    this.byId = new Map();
  }

  // Elements with an id stand for themselves; others belong to the nearest one above that has one.
  element(element, home, path) {
    const own = element.id && !path.startsWith('extensionElements');
    const [id, base] = own ? [element.id, ''] : [home, path];
    if (own && home) this.add(home, `${path} ∋`, element.id);
    this.add(id, `${base}$type`, element.$type);
    if (!own && element.id) this.add(id, `${base}id`, element.id);
    for (const [name, value, reference] of propertiesOf(element)) this.value(value, id, `${base}${name}`, reference);
  }

  value(value, home, path, reference) {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((one, index) => this.value(one, home, isElement(one) && one.id ? path : `${path}[${index}]`, reference));
    } else if (isElement(value) && !reference) {
      this.element(value, home, `${path}${value.id ? '' : '.'}`);
    } else {
      this.add(home, path, written(value));
    }
  }

  add(id, path, value) {
    if (!this.byId.has(id)) this.byId.set(id, new Map());
    const paths = this.byId.get(id);
    let key = path;
    for (let turn = 2; paths.has(key); turn += 1) key = `${path} #${turn}`;
    paths.set(key, value);
  }
}

// Map of element id → Map of path → value.
export function factsOf(definitions) {
  const facts = new Facts();
  facts.element(definitions, definitions.id || 'Definitions', '');
  return facts.byId;
}

function changes(before, after) {
  const found = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(path) !== after.get(path)) found.push({ path, from: before.get(path), to: after.get(path) });
  }
  return found;
}

// [{ id, kind: added | gone | changed, changes: [{ path, from, to }] }]
export function differences(before, after) {
  const found = [];
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const own = changes(before.get(id) || new Map(), after.get(id) || new Map());
    const kind = !before.has(id) ? 'added' : !after.has(id) ? 'gone' : 'changed';
    if (own.length) found.push({ id, kind, changes: own });
  }
  return found;
}
