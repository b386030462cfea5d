import { escapeHtml, escapeMarkdown, oneLine, safeUrl } from './escape.js';

describe('escaping', () => {
  it('leaves no markup in HTML, in text or attributes', () => {
    expect(escapeHtml(`<img src=x onerror="a('b')"> & more`)).toBe(
      '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp; more',
    );
  });

  it('drops control characters and marks that turn the direction of text', () => {
    expect(escapeHtml('a\u202Eb\u0000c\u0007d')).toBe('abcd');
    expect(oneLine('Subject\r\nBcc: a@b.example\t\u2028x')).toBe('Subject Bcc: a@b.example x');
  });

  it('repairs half of a surrogate pair', () => {
    expect(escapeHtml('a\uD800b')).toBe('a\uFFFDb');
  });

  it('leaves no markup in Markdown', () => {
    expect(escapeMarkdown('[x](javascript:1) **b** `c` <i> # | &lt;')).toBe(
      '\\[x\\](javascript:1) \\*\\*b\\*\\* \\`c\\` \\<i\\> \\# \\| \\&lt;',
    );
    expect(escapeMarkdown('1. not a list')).toBe('1\\. not a list');
    expect(escapeMarkdown('- not a list')).toBe('\\- not a list');
    expect(escapeMarkdown('see https://evil.example')).not.toContain('https://');
  });

  it('links only to http, https and paths of this site', () => {
    expect(safeUrl('https://doi.org/10.1/x y')).toBe('https://doi.org/10.1/x%20y');
    expect(safeUrl('/papers/1')).toBe('/papers/1');
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', '/\\evil.example', '', null])
      expect(safeUrl(url)).toBeNull();
  });
});
