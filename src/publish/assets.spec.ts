import { Assets, readAssets } from './assets.js';

const asset = (text: string) => ({ body: Buffer.from(text), type: 'text/css' });

describe('assets', () => {
  it('have an address that changes with the content of any of them', () => {
    const a = new Assets(new Map([['a.css', asset('1')]]));
    const b = new Assets(new Map([['a.css', asset('2')]]));
    expect(a.url('a.css')).not.toBe(b.url('a.css'));
    expect(a.url('a.css')).toMatch(/^\/assets\/[0-9a-f]{12}\/a\.css$/);
    expect(() => a.url('b.css')).toThrow('b.css');
  });

  it('refer only to one another, never to another host', () => {
    const assets = readAssets();
    for (const name of assets.names().filter((one) => /\.(css|js)$/.test(one))) {
      const text = assets.find(name)?.body.toString('utf8') ?? '';
      expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/)/);
      for (const [, target] of text.matchAll(/(?:url\('|from '\.\/|import\('\.\/)([^']+)'/g))
        expect(assets.names()).toContain(target);
    }
  });
});
