// What the reader has unfolded stays unfolded when a polled part of the page is exchanged.
let unfolded = [];

document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  unfolded = [...detail.target.querySelectorAll('details[open][id]')].map(({ id }) => id);
});

document.addEventListener('htmx:afterSwap', () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute('open', '');
});
