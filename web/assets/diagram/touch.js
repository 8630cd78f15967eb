// bpmn-js follows mouse and wheel only. One finger moves the diagram sideways (up and down still
// scrolls the page, see touch-action in diagram.css); two fingers move and zoom it.

function positions(touches, place) {
  const { left, top } = place.getBoundingClientRect();
  return [...touches].map(({ clientX, clientY }) => ({ x: clientX - left, y: clientY - top }));
}

function gesture(touches, place) {
  const points = positions(touches, place);
  const [first, second = first] = points;
  return {
    fingers: points.length,
    centre: { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 },
    spread: Math.hypot(first.x - second.x, first.y - second.y),
  };
}

export function followTouch(viewer, place) {
  const canvas = viewer.get('canvas');
  let last;

  const remember = ({ touches }) => {
    last = touches.length ? gesture(touches, place) : undefined;
  };

  const move = (event) => {
    const now = gesture(event.touches, place);
    const two = now.fingers > 1;
    if (two) event.preventDefault();
    if (last?.fingers === now.fingers) {
      canvas.scroll({ dx: now.centre.x - last.centre.x, dy: two ? now.centre.y - last.centre.y : 0 });
      if (two && last.spread) canvas.zoom(canvas.zoom() * (now.spread / last.spread), now.centre);
    }
    last = now;
  };

  place.addEventListener('touchstart', remember, { passive: true });
  place.addEventListener('touchend', remember, { passive: true });
  place.addEventListener('touchcancel', remember, { passive: true });
  place.addEventListener('touchmove', move, { passive: false });
}
