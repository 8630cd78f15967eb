// Buttons for what the wheel does, for those who have a keyboard or a thumb only.
import { showCurrent, showWhole, zoomBy } from './view.js';
import { words } from './words.js';

const STEP = 1.25;

function button(sign, title, act) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'btn btn-outline-secondary btn-sm';
  element.textContent = sign;
  element.title = title;
  element.setAttribute('aria-label', title);
  element.addEventListener('click', act);
  return element;
}

function goToCurrent(diagram) {
  const id = diagram.current();
  if (id) showCurrent(diagram.viewer, id);
}

export function addTools(diagram) {
  const { viewer, place } = diagram;
  const bar = document.createElement('div');
  bar.className = 'diagram-tools btn-group-vertical';
  bar.append(
    button(words.wholeShort, words.whole, () => showWhole(viewer)),
    button('＋', words.closer, () => zoomBy(viewer, STEP)),
    button('－', words.farther, () => zoomBy(viewer, 1 / STEP)),
    button(words.currentShort, words.current, () => goToCurrent(diagram)),
  );
  place.append(bar);
}
