import { html, join, raw } from './html.js';

describe('html', () => {
  it('escapes every text, in content and in quoted attributes', () => {
    const hostile = `"><script>alert('x')</script>&`;
    expect(String(html`<a title="${hostile}">${hostile}</a>`)).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
    );
  });

  it('drops marks that reverse the direction of text', () => {
    expect(String(html`${'a\u202Egpj.exe\u2066b'}`)).toBe('agpj.exeb');
  });

  it('keeps markup that it made, however deeply nested', () => {
    const items = ['<1>', '<2>'].map((text) => html`<li>${text}</li>`);
    const list = html`<ul>${[items, [html`<li>3</li>`]]}</ul>`;
    expect(String(list)).toBe('<ul><li>&lt;1&gt;</li><li>&lt;2&gt;</li><li>3</li></ul>');
  });

  it('writes nothing for null, undefined and false, and a nought for 0', () => {
    expect(String(html`[${null}${undefined}${false}${0}]`)).toBe('[0]');
  });

  it('leaves alone what is vouched for', () => {
    expect(String(html`${raw('<b>&</b>')}`)).toBe('<b>&</b>');
  });

  it('puts something between fragments', () => {
    expect(String(join(['<', html`<i>x</i>`, 3], ' · '))).toBe('&lt; · <i>x</i> · 3');
  });
});
