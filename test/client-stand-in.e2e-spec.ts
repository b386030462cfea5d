import { startEutilsServer, type EutilsServer, type EutilsServerOptions } from '../src/demo/eutils-server.js';
import { parsePapers } from '../src/pubmed/parse-papers.js';
import { buildTerm } from '../src/pubmed/query.js';
import { aRecord } from './support/a-record.js';

const RECORDS = [
  aRecord({
    pmid: '91000001',
    title: 'Dormidol and <i>sleep</i>: a &lt;small&gt; trial of S-(+)-dormidol',
    abstract: [{ label: 'AIMS', text: 'We asked Ca<sup>2+</sup> channels.' }],
    added: '2009-09-23',
    entered: '1990-12-15',
    indexed: '1990-12-16',
    revised: '2020-02-02',
    published: '1990',
    mesh: ['Dormidol', 'Sleep'],
  }),
  aRecord({
    pmid: '91000002',
    abstract: 'Dormidols differ; nordormidol stays.',
    added: '2024-06-30',
    published: '2024-07-15',
  }),
  aRecord({ pmid: '91000003', title: 'Golf on the K-hole course', added: '2024-07-01', keywords: ['dormidol-free'] }),
  aRecord({ pmid: '91000010', title: 'Nothing to do with it', added: '2024-07-01', substances: ['ardormidol'] }),
];

let server: EutilsServer;
const start = async (options: EutilsServerOptions = {}) =>
  (server = await startEutilsServer({ records: RECORDS, rate: 0, rateWithKey: 0, ...options }));
afterEach(() => server.close());

const ask = async (util: string, parameters: Record<string, string>, method = 'POST') => {
  const form = new URLSearchParams({ db: 'pubmed', ...parameters });
  const url = new URL(`${util}.fcgi`, server.url);
  if (method === 'GET') url.search = form.toString();
  const response = await fetch(url, method === 'GET' ? {} : { method, body: form });
  return { status: response.status, text: await response.text(), headers: response.headers };
};
const found = async (term: string, more: Record<string, string> = {}) => {
  const { text } = await ask('esearch', { term, retmode: 'json', ...more });
  return (
    JSON.parse(text) as { esearchresult: { count: string; idlist: string[]; errorlist?: Record<string, string[]> } }
  ).esearchresult;
};
const idsOf = async (term: string) => (await found(term)).idlist.map((pmid) => pmid.slice(-2)).join(' ');

describe('the stand-in of E-utilities', () => {
  it('understands the terms that a query is made of', async () => {
    await start();
    expect(await idsOf('"dormidol"[tiab]')).toBe('03 01');
    expect(await idsOf('dormido*[tiab]')).toBe('03 02 01');
    expect(await idsOf('"S(+)-dormidol"[tiab]')).toBe('01');
    expect(await idsOf('"trial s dormidol"[tiab]')).toBe('');
    expect(await idsOf('"Ca2+ channels"[tiab]')).toBe('01');
    expect(await idsOf('"DORMIDOL"[mh]')).toBe('01');
    expect(await idsOf('"dormi*"[mh]')).toBe('01');
    expect(await idsOf('"ardormidol"[nm] OR sleep[ti]')).toBe('10 01');
    expect(await idsOf('("dormidol"[tiab] OR "ardormidol"[nm]) NOT golf[ti]')).toBe('10 01');
    expect(await idsOf('2024/06/30:2024/06/30[crdt]')).toBe('02');
    expect(await idsOf('"2024/07/01"[Date - Create] : "3000"[Date - Create]')).toBe('10 03');
    expect(await idsOf('1990/12/15:1990/12/15[edat]')).toBe('01');
    expect(await idsOf('1990/12/16:1990/12/16[mhda]')).toBe('01');
    expect(await idsOf('2024/06/30:2024/06/30[mhda]')).toBe('02');
    expect(await idsOf('2020/02/02[lr] OR 2024/07/01[mdat]')).toBe('10 03 01');
    expect(await idsOf('1990:1990[dp]')).toBe('01');
    expect(await idsOf('91000002:91000003[uid]')).toBe('03 02');
    expect(await idsOf('(91000010[uid] OR 91000001[uid] OR 5[uid]) AND dormido*[tiab]')).toBe('01');
    const query = { words: ['dormidol', 'K-hole'], mesh: ['Dormidol'], substances: ['ardormidol'], exclude: ['golf'] };
    expect(
      await idsOf(buildTerm(query, [{ field: 'crdt', from: '2000-01-01', to: null }], ['91000001', '91000003'])),
    ).toBe('01');
  });

  it('says what it does not know: a phrase, and a field, for which it searches everything', async () => {
    await start();
    expect((await found('nowhere[tiab]')).errorlist).toMatchObject({ phrasesnotfound: ['nowhere'] });
    const wrong = await found('dormidol[cdrt]');
    expect(wrong.errorlist).toMatchObject({ fieldsnotfound: ['cdrt'] });
    expect(wrong.count).not.toBe('0');
    const { text } = await ask('esearch', { term: 'dormidol[cdrt]' });
    expect(text).toMatch(/<FieldNotFound>cdrt<\/FieldNotFound>/);
  });

  it('pages, sorts, and lists no further than the ceiling', async () => {
    await start({ ceiling: 3 });
    const all = '1800:3000[crdt]';
    expect(await found(all, { retmax: '9' })).toMatchObject({
      count: '4',
      idlist: ['91000010', '91000003', '91000002'],
    });
    expect(await found(all, { retstart: '1', retmax: '1' })).toMatchObject({ idlist: ['91000003'] });
    expect((await found(all, { sort: 'pub_date' })).idlist[0]).toBe('91000002');
    const { status, text } = await ask('esearch', { term: all, retmode: 'json', retstart: '3' });
    expect(status).toBe(200);
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(text).toMatch(/Exception:\n'retstart' cannot be larger than 2/);
  });

  it('gives records by PMID and by history, leaves unknown ones out, and forgets histories on demand', async () => {
    await start();
    const pmids = (xml: string) => parsePapers(xml).papers.map((paper) => paper.pmid);
    expect(pmids((await ask('efetch', { id: '91000002,5,91000001', retmode: 'xml' }, 'GET')).text)).toEqual([
      '91000002',
      '91000001',
    ]);
    const posted = (await ask('epost', { id: '91000003,91000001' })).text;
    const history = {
      WebEnv: /<WebEnv>(.+)<\/WebEnv>/.exec(posted)?.[1] ?? '',
      query_key: /<QueryKey>(.+)<\/QueryKey>/.exec(posted)?.[1] ?? '',
    };
    expect(pmids((await ask('efetch', history)).text)).toEqual(['91000003', '91000001']);
    expect(pmids((await ask('efetch', { ...history, retstart: '1', retmax: '1' })).text)).toEqual(['91000001']);
    const searched = (await ask('esearch', { term: 'sleep[ti]', usehistory: 'y', WebEnv: history.WebEnv })).text;
    expect(searched).toMatch(/<QueryKey>2<\/QueryKey>/);
    server.control({ expireHistory: true });
    expect((await ask('efetch', history)).text).toMatch(/<ERROR>Unable to obtain query #1<\/ERROR>/);
    expect((await ask('efetch', { id: 'x' })).status).toBe(400);
    expect((await ask('efetch', { id: '' })).text).toMatch(/Supplied id parameter is empty/);
    expect((await ask('esearch', { term: '' })).text).toMatch(/Empty term/);
    expect((await ask('einfo', {})).text).toMatch(/"count":"4"/);
    expect((await ask('esummary', {})).status).toBe(404);
  });

  it('changes while it runs, also over HTTP', async () => {
    await start();
    const all = () => idsOf('91000001:91000099[uid]');
    server.control({ hide: ['91000003'], delete: ['91000010'] });
    expect(await all()).toBe('02 01');
    expect((await ask('efetch', { id: '91000003,91000010' })).text).not.toMatch(/PubmedArticle>/);
    const control = (body: string, type = 'application/json') =>
      fetch(new URL('/_control', server.url), { method: 'POST', headers: { 'content-type': type }, body });
    expect((await control('{"show":["91000003"]}')).status).toBe(200);
    expect(await all()).toBe('03 02 01');
    expect((await control('{"show":["91000003"]}', 'text/plain')).status).toBe(415);
    expect((await control('{"fault":[]}')).status).toBe(400);
    server.control({
      append: aRecord({ pmid: '91000011', title: 'Dormidol again' }),
      replace: aRecord({ pmid: '91000001', title: 'Replaced' }),
    });
    expect(await idsOf('dormidol[tiab]')).toBe('11 03');
    expect(await idsOf('replaced[ti]')).toBe('01');
  });

  it('keeps the rate, per address and per key, and says whom it refuses', async () => {
    await start({ rate: 2, rateWithKey: 3, retryAfter: 7, apiKeys: ['good'] });
    const burst = await Promise.all([1, 2, 3].map(() => ask('einfo', {})));
    expect(burst.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    const refused = burst.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('7');
    expect(JSON.parse(refused?.text ?? '')).toEqual({
      error: 'API rate limit exceeded',
      'api-key': '127.0.0.1',
      count: '3',
      limit: '2',
    });
    expect(
      (await Promise.all([1, 2, 3].map(() => ask('einfo', { api_key: 'good' })))).map(({ status }) => status),
    ).toEqual([200, 200, 200]);
    expect(await ask('einfo', { api_key: 'bad' })).toMatchObject({
      status: 400,
      text: expect.stringMatching(/API key invalid/) as string,
    });
    expect(server.stats()).toMatchObject({ requests: 7, limited: 1, perSecondMax: 7 });
    expect(JSON.stringify(server.log())).not.toMatch(/good|bad/);
    expect(server.log().at(-1)).toMatchObject({ util: 'einfo', hasKey: true });
  });

  it('searches 30,000 records quickly', async () => {
    await start();
    server.control({ clone: { count: 30_000, from: '2020-01-01', to: '2024-12-31', base: 92_000_000 } });
    const term = buildTerm(
      {
        words: ['dormidol', ...Array.from({ length: 60 }, (_, i) => `nothing ${i}`)],
        mesh: ['Dormidol'],
        substances: ['ardormidol'],
        exclude: [],
      },
      [{ field: 'crdt', from: '2020-01-01', to: '2021-12-31' }],
    );
    await found(term);
    const before = performance.now();
    const { count, idlist } = await found(term, { retmax: '9999' });
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(Number(count)).toBeGreaterThan(8_000);
    const [first] = idlist;
    const { papers } = parsePapers((await ask('efetch', { id: first ?? '' })).text);
    expect(papers).toMatchObject([{ pmid: first, added: expect.stringMatching(/^2021-12/) as string }]);
  });
});
