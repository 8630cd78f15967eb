// The diagram and the rows beside it select each other: a row carries data-element="<element id>".
const ROW = '[data-element]';

function markRows(ids) {
  for (const row of document.querySelectorAll(ROW)) {
    row.classList.toggle('is-selected', ids.includes(row.dataset.element));
  }
}

export function followSelection(viewer) {
  const selection = viewer.get('selection');
  const registry = viewer.get('elementRegistry');

  viewer.on('selection.changed', ({ newSelection }) => markRows(newSelection.map(({ id }) => id)));

  const select = ({ target }) => {
    const row = target.closest?.(ROW);
    const shape = row && registry.get(row.dataset.element);
    if (shape) selection.select(shape);
  };
  document.addEventListener('click', select);
  viewer.on('diagram.destroy', () => document.removeEventListener('click', select));
}
