// How much of the diagram is seen, and which part.
const READABLE = 0.7;

export function showWhole(viewer) {
  viewer.get('canvas').zoom('fit-viewport', 'auto');
}

// Never smaller than can be read; the element in the middle.
export function showCurrent(viewer, id) {
  const canvas = viewer.get('canvas');
  if (canvas.zoom() < READABLE) canvas.zoom(READABLE);
  const element = viewer.get('elementRegistry').get(id);
  const { width, height } = canvas.viewbox();
  const middle = { x: element.x + element.width / 2, y: element.y + element.height / 2 };
  canvas.viewbox({ x: middle.x - width / 2, y: middle.y - height / 2, width, height });
}

export function zoomBy(viewer, factor) {
  const canvas = viewer.get('canvas');
  canvas.zoom(canvas.zoom() * factor, 'auto');
}
