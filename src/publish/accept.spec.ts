import { prefersHtml, wish } from './accept.js';

describe('what a client accepts', () => {
  it.each([
    [undefined, 'application/json', 1],
    ['', 'application/json', 1],
    ['*/*', 'application/json', 1],
    ['application/*;q=0.3', 'application/json', 0.3],
    ['text/html', 'application/json', 0],
    ['*/*, application/json;q=0', 'application/json', 0],
    ['application/json;q=0.2, application/*;q=0.9', 'application/json', 0.2],
    ['application/json;q=nonsense', 'application/json', 0],
    ['Application/JSON ; Q=0.5', 'application/json', 0.5],
  ])('%s wants %s %d', (accept, type, expected) => expect(wish(accept, type)).toBe(expected));

  it('takes browsers for people and programs for programs', () => {
    expect(prefersHtml('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe(true);
    expect(prefersHtml('application/json')).toBe(false);
    expect(prefersHtml('application/problem+json, text/html;q=0.5')).toBe(false);
  });
});
