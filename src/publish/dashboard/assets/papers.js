/** The list of papers follows its filters without a new page; addresses stay the ones that work without this script. */
import { isTyping } from './site.js';

/** The address of what the form says, without what it says nothing about; values of one facet stand together. */
export function addressOf(form) {
  const values = new Map();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    values.set(name, [...(values.get(name) ?? []), value.trim()]);
  }
  const repeated = ['author', 'journal', 'mesh', 'publicationType', 'q'];
  const query = new URLSearchParams();
  for (const [name, list] of values) {
    if (repeated.includes(name)) for (const value of list) query.append(name, value);
    else query.append(name, list.join(','));
  }
  const text = query.toString().replaceAll('%2C', ',');
  return text === '' ? '/papers' : `/papers?${text}`;
}

let current = 0;
/** Path and query of what is on the page. */
let shown = location.pathname + location.search;
let underWay = null;

/** How to find the control again in which the reader is, once the page around it is new. */
function placeOf(element) {
  if (!element?.closest?.('[data-live]')) return null;
  if (element.name) return `[name="${CSS.escape(element.name)}"][value="${CSS.escape(element.value)}"]`;
  return element.id ? `#${CSS.escape(element.id)}` : null;
}

async function show(address, { push = true } = {}) {
  const turn = ++current;
  underWay?.abort();
  underWay = new AbortController();
  const list = document.querySelector('[data-live="results"]');
  list?.setAttribute('aria-busy', 'true');
  let text;
  try {
    const answer = await fetch(address, { signal: underWay.signal, headers: { Accept: 'text/html' } });
    if (!answer.ok) throw new Error(String(answer.status));
    text = await answer.text();
  } catch (error) {
    // the plain way works, or says why not
    if (turn === current && error.name !== 'AbortError') location.assign(address);
    return;
  }
  if (turn !== current) return;
  const page = new DOMParser().parseFromString(text, 'text/html');
  const place = placeOf(document.activeElement);
  const scroll = document.querySelector('#filters')?.scrollTop ?? 0;
  const open = new Map(
    [...document.querySelectorAll('details[data-facet]')].map((one) => [one.dataset.facet, one.open]),
  );
  for (const part of document.querySelectorAll('[data-live]')) {
    const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
    // the elements themselves stay: one of them may be what the address points at
    if (fresh) part.replaceChildren(...fresh.childNodes);
    part.removeAttribute('aria-busy');
  }
  for (const one of document.querySelectorAll('details[data-facet]'))
    if (open.has(one.dataset.facet)) one.open = open.get(one.dataset.facet);
  document.title = page.title;
  if (push) {
    // the server knows the one way to write these filters
    const canonical = page.querySelector('link[rel=canonical]');
    const search =
      canonical === null || /[?&]cursor=/.test(address)
        ? new URL(address, location.href).search
        : new URL(canonical.href).search;
    history.pushState(null, '', location.pathname + search + location.hash);
  }
  shown = location.pathname + location.search;
  const filters = document.querySelector('#filters');
  if (filters) filters.scrollTop = scroll;
  if (place) document.querySelector(place)?.focus({ preventScroll: true });
}

document.addEventListener('change', (event) => {
  const { form, type } = event.target;
  if (form?.id !== 'filters' || type === 'search') return;
  // a value is wanted or left out, not both
  if (type === 'checkbox' && event.target.checked) {
    const { name, value } = event.target;
    const other = value.startsWith('-') ? value.slice(1) : `-${value}`;
    for (const box of form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`))
      if (box.value === other) box.checked = false;
  }
  void show(addressOf(form));
});

document.addEventListener('submit', (event) => {
  if (event.target.id !== 'filters') return;
  event.preventDefault();
  // closes the drawer of a small screen
  if (location.hash === '#filters') location.hash = '#results';
  void show(addressOf(event.target));
});

// a step to another fragment of the same page asks for nothing
addEventListener('popstate', () => {
  const address = location.pathname + location.search;
  if (address !== shown && location.pathname === '/papers') void show(address, { push: false });
});

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('.chips a, .sorts a, .notice a[href^="/papers"], .filters-foot a');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const address = link.getAttribute('href');
  // the search box stands outside of what is replaced
  const search = document.querySelector('[data-main-search]');
  if (search) search.value = new URL(address, location.href).searchParams.get('q') ?? '';
  void show(address);
});

/** j and k walk through the papers, f goes to the filters. */
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && location.hash === '#filters') {
    location.hash = '#results';
    return;
  }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...document.querySelectorAll('[data-entry]')];
  const at = links.indexOf(document.activeElement);
  if (event.key === 'j' || event.key === 'k') {
    const next = links[event.key === 'j' ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0)];
    next?.focus();
    next?.closest('article')?.scrollIntoView({ block: 'nearest' });
    event.preventDefault();
  } else if (event.key === 'f') {
    const first = document.querySelector('#filters input[type=checkbox]');
    if (!first) return;
    event.preventDefault();
    if (first.offsetParent === null) location.hash = '#filters';
    first.focus();
  }
});
