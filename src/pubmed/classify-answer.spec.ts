import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classifyAnswer, quote, type Refusal, type Utility } from './classify-answer.js';

const FIXTURES = join(import.meta.dirname, '../../test/fixtures/eutils');
const RECORDINGS = join(process.env['SHARED_DIR'] ?? join(import.meta.dirname, '../../../shared'), 'eutils/recordings');

/** `esearch-no-hits.200.json` → its utility (efetch where any may answer so) and status. */
function partsOf(name: string): { util: Utility; status: number } {
  const util = name.startsWith('esearch') ? 'esearch' : 'efetch';
  return {
    util,
    status: Number(/\.(\d{3})\.|HTTP(\d{3})/.exec(name)?.slice(1).find(Boolean) ?? (name.includes('429') ? 429 : 200)),
  };
}

function judge(dir: string, name: string, headers: Record<string, string> = {}): Refusal | 'ok' {
  const { util, status } = partsOf(name);
  const bytes = readFileSync(join(dir, name));
  const verdict = classifyAnswer(util, status, headers, bytes, 0);
  expect(classifyAnswer(util, status, headers, bytes.toString('utf8'), 0)).toEqual(verdict);
  return verdict.ok ? 'ok' : verdict.refusal;
}

/** code, retry?, halve? */
const FIXTURE_VERDICTS: Record<string, readonly [string, boolean, string] | 'ok'> = {
  'any-blocked.200.html': ['ncbi-outage', true, 'no'],
  'any-forwarding.200.json': ['ncbi-outage', true, 'later'],
  'any-gateway.502.html': ['ncbi-outage', true, 'later'],
  'any-key-invalid.400.json': ['ncbi-key-invalid', false, 'no'],
  'any-rate-limit.429.json': ['ncbi-rate-limited', true, 'no'],
  'any-uri-too-long.414.html': ['ncbi-bad-request', true, 'now'],
  'efetch-cut-short.200.xml': ['ncbi-cut-short', true, 'later'],
  'efetch-empty.200.xml': ['ncbi-outage', true, 'later'],
  'efetch-history-expired.200.xml': ['ncbi-history-expired', true, 'no'],
  'efetch-history-lost.400.xml': ['ncbi-history-expired', true, 'no'],
  'efetch-no-correct-ids.400.xml': ['ncbi-bad-request', false, 'no'],
  'efetch-no-ids.200.xml': ['ncbi-bad-request', false, 'no'],
  'efetch-none-exist.200.xml': 'ok',
  'efetch-past-ceiling.400.xml': ['ncbi-ceiling', false, 'no'],
  'efetch-prolog-only.200.xml': ['ncbi-outage', true, 'later'],
  'efetch-viewer-timeout.400.xml': ['ncbi-timeout', true, 'now'],
  'esearch-backend.200.json': ['ncbi-outage', true, 'later'],
  'esearch-backend.200.xml': ['ncbi-outage', true, 'later'],
  'esearch-cut-short.200.json': ['ncbi-cut-short', true, 'later'],
  'esearch-field-unknown.200.json': 'ok',
  'esearch-history-expired.200.json': ['ncbi-history-expired', true, 'no'],
  'esearch-hits.200.xml': 'ok',
  'esearch-no-hits.200.json': 'ok',
  'esearch-no-hits.200.xml': 'ok',
  'esearch-past-ceiling-raw-newline.200.json': ['ncbi-ceiling', false, 'no'],
  'esearch-past-ceiling.200.xml': ['ncbi-ceiling', false, 'no'],
  'esearch-proxy.200.xml': ['ncbi-outage', true, 'later'],
  'esearch-unheard-of.200.json': ['ncbi-outage', true, 'later'],
};

describe('classifyAnswer', () => {
  it('is tested with every fixture', () => {
    expect(readdirSync(FIXTURES).filter((name) => name !== 'README.md')).toEqual(Object.keys(FIXTURE_VERDICTS).sort());
  });

  it.each(Object.entries(FIXTURE_VERDICTS))('judges %s by its body', (name, expected) => {
    const verdict = judge(FIXTURES, name);
    if (expected === 'ok') return expect(verdict).toBe('ok');
    expect(verdict).toMatchObject({ code: expected[0], retryable: expected[1], halve: expected[2], waitMs: null });
  });

  it('never repeats the address or the key that an answer echoes', () => {
    for (const name of Object.keys(FIXTURE_VERDICTS)) {
      const verdict = judge(FIXTURES, name);
      expect(JSON.stringify(verdict)).not.toMatch(/198\.51\.100|0123456789abcdef|<|MCID_/);
    }
  });

  it('judges an error the same whatever its status', () => {
    const body = '{"error":"API rate limit exceeded","api-key":"198.51.100.23","count":"4","limit":"3"}';
    for (const status of [200, 400, 429, 500])
      expect(classifyAnswer('efetch', status, {}, body, 0)).toMatchObject({ refusal: { code: 'ncbi-rate-limited' } });
    expect(classifyAnswer('efetch', 429, {}, '', 0)).toMatchObject({ refusal: { code: 'ncbi-rate-limited' } });
  });

  it('takes data for data only with a status of success', () => {
    const body = readFileSync(join(FIXTURES, 'efetch-none-exist.200.xml'));
    expect(classifyAnswer('efetch', 200, {}, body, 0)).toEqual({ ok: true });
    expect(classifyAnswer('efetch', 502, {}, body, 0)).toMatchObject({ refusal: { code: 'ncbi-outage' } });
  });

  it('takes the answer of another utility for none', () => {
    const search = readFileSync(join(FIXTURES, 'esearch-no-hits.200.json'));
    expect(classifyAnswer('efetch', 200, {}, search, 0)).toMatchObject({ refusal: { code: 'ncbi-unreadable' } });
    expect(classifyAnswer('esearch', 200, {}, '<PubmedArticleSet/>', 0)).toMatchObject({
      refusal: { code: 'ncbi-unreadable' },
    });
    expect(classifyAnswer('esearch', 200, {}, '{"esummaryresult":{}}', 0).ok).toBe(false);
    expect(classifyAnswer('efetch', 200, {}, 'PMID- 1\nTI  - x\n', 0)).toMatchObject({
      refusal: { code: 'ncbi-unreadable' },
    });
  });

  it('does not take a word of a record for an error', () => {
    const body =
      '<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><ArticleTitle>API rate limit exceeded: <ERROR>Search Backend failed</ERROR></ArticleTitle></PubmedArticle></PubmedArticleSet>';
    expect(classifyAnswer('efetch', 200, {}, body, 0)).toEqual({ ok: true });
    expect(classifyAnswer('efetch', 200, {}, '<PubmedArticleSet><ERROR>odd</ERROR></PubmedArticleSet>', 0).ok).toBe(
      false,
    );
  });

  it.each([
    ['3', 3_000],
    ['Thu, 01 Jan 1970 00:00:20 GMT', 10_000],
    ['Wed, 31 Dec 1969 00:00:00 GMT', 0],
    ['999999999999', 3_600_000],
    ['soon', null],
    ['', null],
  ])('reads Retry-After %j', (header, waitMs) => {
    expect(judge(FIXTURES, 'any-rate-limit.429.json', { 'retry-after': header })).not.toBe('ok');
    expect(classifyAnswer('efetch', 429, { 'retry-after': header }, '', 10_000)).toMatchObject({ refusal: { waitMs } });
  });

  it('looks at the ends of a large answer only', () => {
    const body = Buffer.alloc(60_000_000, 0x20);
    body.write('<PubmedArticleSet>', 0);
    body.write('</PubmedArticleSet>', body.length - 19);
    const before = performance.now();
    for (let i = 0; i < 100; i++) expect(classifyAnswer('efetch', 200, {}, body, 0).ok).toBe(true);
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe('quote', () => {
  it('keeps what explains and drops addresses, keys and control signs', () => {
    expect(
      quote(
        'Bad\u0007 thing\\n at 2001:db8::1, 203.0.113.9 (http://x.example/?api_key=1) <b> a@b.example abcdef0123456789abcd.',
      ),
    ).toBe('“Bad thing at [address], [address] ([address] b [address] […]”');
    expect(quote('x '.repeat(500)).length).toBeLessThan(170);
  });
});

const recordings = existsSync(RECORDINGS) ? readdirSync(RECORDINGS).filter((name) => name !== 'README.md') : [];
const RECORDED: [RegExp, string][] = [
  [/429/, 'ncbi-rate-limited'],
  [/expired_webenv|cannot_retrieve_history/, 'ncbi-history-expired'],
  [/empty_id|invalid_uid|over_500/, 'ncbi-bad-request'],
  [/retstart/, 'ncbi-ceiling'],
  [/transient_timeout/, 'ncbi-timeout'],
  [/backend_502/, 'ncbi-outage'],
  [/phrase_not_found/, 'ok'],
];

(recordings.length > 0 ? describe : describe.skip)('recorded answers of the real service', () => {
  it.each(recordings.length > 0 ? recordings : ['none'])('%s', (name) => {
    const verdict = judge(RECORDINGS, name);
    expect(verdict === 'ok' ? 'ok' : verdict.code).toBe(RECORDED.find(([pattern]) => pattern.test(name))?.[1]);
    expect(JSON.stringify(verdict)).not.toMatch(/203\.0\.113|capture-host|MCID_/);
  });
});
