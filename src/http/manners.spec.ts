import { LastChange, showsPapers } from './last-change.js';
import { checkTarget } from './limits.js';
import { RouteTable } from './route-table.js';
import { surfaceOf } from './surface.js';
import { etagOf, isFresh, weakened } from './validators.js';

describe('kinds of places', () => {
  it.each([
    ['/', 'page'],
    ['/papers?q=/api/', 'page'],
    ['/api/v1/papers', 'api'],
    ['/API/v1/papers', 'api'],
    ['/apiary', 'page'],
    ['/api/docs', 'docs'],
    ['/api/v1/admin/deliveries?status=queued', 'admin'],
    ['/confirm/abc', 'token'],
    ['/preferences', 'token'],
    ['/unsubscribe/abc?x', 'token'],
    ['/confirmation', 'page'],
    ['/feeds/papers.atom', 'feed'],
    ['/digests/2026-W47', 'page'],
    ['/digests/2026-W47.json?condition=ptsd', 'api'],
    ['/health/ready', 'operation'],
    ['/metrics', 'operation'],
    ['/assets/abc/style.css', 'asset'],
  ])('%s is of kind %s', (path, kind) => expect(surfaceOf(path)).toBe(kind));
});

describe('validators', () => {
  const etag = etagOf('content');
  const at = 'Tue, 24 Nov 2026 12:00:00 GMT';

  it('compares ETags weakly, in lists and with a star', () => {
    expect(isFresh({ 'if-none-match': etag }, etag, null)).toBe(true);
    expect(isFresh({ 'if-none-match': `"a", ${weakened(etag)}` }, etag, null)).toBe(true);
    expect(isFresh({ 'if-none-match': '*' }, etag, null)).toBe(true);
    expect(isFresh({ 'if-none-match': '"a"' }, etag, null)).toBe(false);
    expect(etagOf('other')).not.toBe(etag);
    expect(weakened(weakened(etag))).toBe(`W/${etag}`);
  });

  it('reads the date only where no ETag was sent', () => {
    expect(isFresh({ 'if-modified-since': at }, etag, at)).toBe(true);
    expect(isFresh({ 'if-modified-since': 'Tue, 24 Nov 2026 11:59:59 GMT' }, etag, at)).toBe(false);
    expect(isFresh({ 'if-modified-since': at, 'if-none-match': '"a"' }, etag, at)).toBe(false);
    expect(isFresh({ 'if-modified-since': 'yesterday' }, etag, at)).toBe(false);
    expect(isFresh({ 'if-modified-since': at }, etag, null)).toBe(false);
  });
});

describe('the last change', () => {
  it('has no date that a change of the same second could bear too', async () => {
    let now = Date.parse('2026-11-24T12:00:00.900Z');
    let changed: number | null = null;
    const last = new LastChange(
      () => Promise.resolve(changed),
      () => now,
    );
    expect(await last.header()).toBeNull();
    changed = Date.parse('2026-11-24T12:00:01.500Z');
    now = Date.parse('2026-11-24T12:00:02.000Z');
    expect(await last.header()).toBeNull();
    now = Date.parse('2026-11-24T12:00:04.000Z');
    expect(await last.header()).toBe('Tue, 24 Nov 2026 12:00:01 GMT');
  });

  it('is said of papers, not of what changes without them', () => {
    expect(['/api/v1/papers?x', '/api/v1/export', '/feeds/papers.atom'].every(showsPapers)).toBe(true);
    expect(['/api/v1/runs', '/api/v1/stats/timeline', '/digests', '/papers'].some(showsPapers)).toBe(false);
  });
});

describe('the table of routes', () => {
  it('knows with which methods something is at a path', () => {
    const routes = new RouteTable();
    routes.add('GET', '/runs/:id');
    routes.add(['POST', 'PUT'], '/runs/:id');
    routes.add('GET', '/assets/*');
    expect(routes.methodsAt('/runs/5')).toEqual(['GET', 'POST', 'PUT']);
    expect(routes.methodsAt('/runs/5/')).toEqual(['GET', 'POST', 'PUT']);
    expect(routes.methodsAt('/runs/5/6')).toEqual([]);
    expect(routes.methodsAt('/assets/a/b.css')).toEqual(['GET']);
    expect(routes.methodsAt('/runsX5')).toEqual([]);
  });
});

describe('request targets', () => {
  it.each(['/x?q=100%', '/x?q=%FF', '/x?a=1&b=%E0%A4%A', `/x?q=${'a'.repeat(20_000)}`])('%.20s is refused', (target) =>
    expect(() => checkTarget(target)).toThrow(),
  );
  it.each(['/x?q=100%25', '/x?q=%C3%BC+b', '/x', '/x?'])('%s is taken', (target) =>
    expect(() => checkTarget(target)).not.toThrow(),
  );
});
