// When the network is gone the page stays, with all that was typed, and says so. A form that was
// simply sent would end on the browser's own error page, and going back from there forgets.
const CHINESE = {
  notSent: '网络不通，没有提交。填写的内容还在本页，请不要关闭或者刷新；网络恢复后再次提交。',
  notSaved: '网络不通，草稿没有保存，请不要关闭本页。',
};
const ENGLISH = {
  notSent: 'No connection: nothing was sent. What you typed is still on this page. Do not close or reload it; submit again when the connection is back.',
  notSaved: 'No connection: the draft was not saved. Do not close this page.',
};
const words = document.documentElement.lang.startsWith('en') ? ENGLISH : CHINESE;
const PATIENCE = 8000;

const inForm = (element) => element && element.closest('#task-form');

// Any answer will do: the page's own sign is small, and kept by no cache here.
async function isReached() {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), PATIENCE);
  try {
    await fetch(document.querySelector('link[rel="icon"]').href, { method: 'HEAD', cache: 'no-store', signal: stop.signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(clock);
  }
}

function tell(text) {
  const bar = document.querySelector('#task-form .actions');
  let notice = bar.querySelector('.offline');
  if (!notice) {
    notice = document.createElement('p');
    notice.className = 'offline';
    notice.setAttribute('role', 'alert');
    bar.prepend(notice);
  }
  notice.textContent = text;
}

function forget() {
  document.querySelector('#task-form .offline')?.remove();
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  // Buttons with a name change the form; they are htmx's, or work as they did without this file.
  if (form.id !== 'task-form' || event.submitter?.name) return;
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = 'true';
  const reached = await isReached();
  delete form.dataset.asking;
  if (reached) form.submit();
  else tell(words.notSent);
});

for (const failure of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(failure, ({ target }) => {
    if (inForm(target)) tell(words.notSaved);
  });
}
document.addEventListener('htmx:afterRequest', ({ target, detail }) => {
  if (detail.successful && inForm(target)) forget();
});
