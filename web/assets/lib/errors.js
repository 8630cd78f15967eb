// The summary of what to correct takes the focus, on load and after a form was exchanged
// (htmx:load tells of both), so that a screen reader reads it and the keyboard starts there.
const SUMMARY = '[data-error-summary]';

document.addEventListener('htmx:load', ({ detail: { elt } }) => {
  const summary = elt.matches(SUMMARY) ? elt : elt.querySelector(SUMMARY);
  if (!summary) return;
  summary.tabIndex = -1;
  summary.focus();
});
