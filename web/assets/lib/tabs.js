// On a phone the form, the diagram and the history of a task share one place: three tabs.
// Without this file they stand below each other and the links jump.
const narrow = window.matchMedia('(max-width: 767.98px)');

function select(tabs, chosen) {
  for (const tab of tabs) {
    tab.setAttribute('aria-selected', String(tab === chosen));
    document.querySelector(tab.hash).classList.toggle('is-shown', tab === chosen);
  }
}

document.addEventListener('DOMContentLoaded', () => {
  const bar = document.querySelector('.task-tabs');
  if (!bar) return;
  const tabs = [...bar.querySelectorAll('a')];
  bar.setAttribute('role', 'tablist');
  tabs.forEach((tab) => tab.setAttribute('role', 'tab'));
  document.documentElement.classList.add('js');
  select(tabs, tabs[0]);
  bar.addEventListener('click', (event) => {
    const tab = event.target.closest('a');
    if (!tab || !narrow.matches) return;
    event.preventDefault();
    select(tabs, tab);
  });
});
