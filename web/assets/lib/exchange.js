// htmx under our content security policy, with our CSRF token and our answers.
import htmx from 'htmx.org';

Object.assign(htmx.config, {
  allowEval: false,
  // A <style> element of htmx's own would break style-src 'self'; theme/frame.css has the rules instead.
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  // 422 is a form that needs correcting: its body is the form with the sentences in it.
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
});

const token = document.querySelector('meta[name="csrf-token"]');

document.addEventListener('htmx:configRequest', (event) => {
  if (token && event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = token.content;
});
