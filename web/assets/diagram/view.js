// How much of the diagram is seen, and which part.
const READABLE = 0.8;
const LEAST = 0.6;

// Around the whole diagram, in its own units: room for badges, and for the buttons.
const MARGIN = 24;

function centre(canvas, x, y, scale) {
  const { outer } = canvas.viewbox();
  const [width, height] = [outer.width / scale, outer.height / scale];
  canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height });
}

export function showWhole(viewer) {
  const canvas = viewer.get('canvas');
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(1, outer.width / (inner.width + 2 * MARGIN), outer.height / (inner.height + 2 * MARGIN));
  centre(canvas, inner.x + inner.width / 2, inner.y + inner.height / 2, scale);
}

// Never smaller than can be read; the element in the middle.
export function showCurrent(viewer, id) {
  const canvas = viewer.get('canvas');
  const { x, y, width, height } = viewer.get('elementRegistry').get(id);
  centre(canvas, x + width / 2, y + height / 2, Math.max(READABLE, canvas.zoom()));
}

// The names of the steps at their least, some seven pixels high.
export function isReadable(viewer) {
  return viewer.get('canvas').zoom() >= LEAST;
}

export function zoomBy(viewer, factor) {
  const canvas = viewer.get('canvas');
  canvas.zoom(canvas.zoom() * factor, 'auto');
}
