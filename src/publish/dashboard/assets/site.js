/** What every page has: the switch between light and dark, and the key that leads to the search. */

const root = document.documentElement;
const isDark = () =>
  root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;

const toggle = document.querySelector('[data-theme-toggle]');
if (toggle) {
  const label = () => toggle.setAttribute('aria-label', isDark() ? 'Switch to light' : 'Switch to dark');
  toggle.hidden = false;
  label();
  toggle.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    label();
    try {
      localStorage.setItem('theme', root.dataset.theme);
    } catch {
      // storage is switched off: the choice holds for this page
    }
  });
}

/** Keys are for readers who are not typing. */
export const isTyping = (target) =>
  target instanceof Element &&
  target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') !== null;

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const search = document.querySelector('[data-main-search]') ?? document.querySelector('[data-site-search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

for (const block of document.querySelectorAll('pre[data-copy]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(block);
      button.textContent = 'Selected';
    }
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  const frame = document.createElement('div');
  frame.className = 'code-frame';
  block.replaceWith(frame);
  frame.append(block, button);
}

// A new subscription is written in the reader's own time zone, which only the browser knows.
const zone = document.querySelector('form[action="/subscribe"] [data-time-zone]');
if (zone?.value === 'UTC') {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === own)) zone.value = own;
}
