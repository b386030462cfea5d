/**
 * The library over HTTP. `BENCH_PAPERS=300000` for a larger store; `BENCH_DATABASE=postgres` for a PostgreSQL made for
 * this run, `BENCH_DATABASE_URL=postgres://…` for one that is there.
 * Figures of requests a second are ratios to a bare route of the same framework that returns the same bytes.
 */
import autocannon from 'autocannon';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aStore, storeOf } from './support/a-store.mjs';
import { startNode, stop } from './support/child.mjs';

const PAPERS = Number(process.env['BENCH_PAPERS'] ?? 30_000);
const LARGE = PAPERS >= 300_000;
const ON = process.env['BENCH_DATABASE'] ?? process.env['BENCH_DATABASE_URL']?.split(':', 1)[0] ?? 'sqlite';
export const title = `Library: ${PAPERS.toLocaleString('en-GB')} papers over HTTP, ${ON}`;

const CONNECTIONS = 50;
/**
 * Ours and the bare route take turns, so that what else the machine does meets both. A turn is long enough that the
 * first answers, for which all fifty new connections stand in line, are not the hundredth that p99 looks at.
 */
const TURNS = 3;
const SECONDS = 8;
const listening = (text) => /listening on (http:\/\/[\d.:]+)/.exec(text)?.[1];
const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

async function load(url, pid) {
  const before = usedMs(pid);
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  const after = usedMs(pid);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} bad answers, ${result.errors} errors`);
  return {
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    workedMs: before === null || after === null ? NaN : (after - before) / result.requests.total,
  };
}

async function get(url) {
  const startedAt = performance.now();
  const answer = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} for ${url}: ${body.slice(0, 300)}`);
  return { ms: performance.now() - startedAt, body };
}

/** Processor time that a process has used, ms; null where the system does not tell. Other programs do not lengthen it. */
function usedMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}

/** Times of the same or of different requests, one after the other. */
async function times(urls, rounds = 1) {
  const found = [];
  for (let round = 0; round < rounds; round += 1) for (const url of urls) found.push((await get(url)).ms);
  return found;
}

/** Words of the papers themselves: frequent and rare ones, phrases, beginnings, exclusions. */
function queries(papers) {
  const words = [
    ...new Set(
      papers.flatMap(
        ({ title, abstract }) =>
          [title, ...abstract.map(({ text }) => text)].join(' ').match(/[A-Za-z][a-z]{3,}/g) ?? [],
      ),
    ),
  ];
  const titles = papers.map(({ title }) => title.split(/\s+/));
  const made = [];
  for (let i = 0; i < words.length; i += Math.ceil(words.length / 160)) {
    const other = words[(i * 7 + 3) % words.length];
    const [a, b, c] = titles[i % titles.length];
    made.push(
      words[i],
      `${words[i]} ${other}`,
      `${words[i].slice(0, 4)}*`,
      `"${a} ${b} ${c ?? ''}"`,
      `ketamine -${other}`,
    );
  }
  // words of every abstract are refused
  const common =
    /^(were|with|that|from|have|this|than|which|their|been|these|there|those|such|while|them|into|then|they|does|will)\*?$/i;
  return made.filter((q) => /[a-z]{3}/i.test(q) && !common.test(q));
}

export async function run({ temporary, report, note }) {
  const store = await storeOf(temporary, `papers-${PAPERS}`);
  try {
    await measureLibrary(store.url, { temporary, report, note });
  } finally {
    await store.close();
  }
}

async function measureLibrary(database, { temporary, report, note }) {
  await (await aStore(database, PAPERS, { note })).close();
  const env = {
    DATABASE_URL: database,
    PORT: '0',
    JOBS: 'off',
    RATE_LIMIT: '0',
    LOG_LEVEL: 'error',
    NOW: '2026-11-24T15:00:00Z',
    MAIL_DIR: join(temporary, 'outbox'),
  };
  const { child, ready: origin } = await startNode(['dist/main.js'], { ...env, LOG_LEVEL: 'info' }, listening);
  const api = `${origin}/api/v1`;
  /** Medians of the turns of an address and of a bare route with the same bytes, and of the share that each turn showed. */
  const compare = async (url, body) => {
    const file = join(temporary, 'body.json');
    writeFileSync(file, body);
    const server = await startNode(['test/bench/support/bare-nest.mjs', file], {}, listening);
    const ours = [];
    const bare = [];
    try {
      for (let turn = -1; turn < TURNS; turn += 1) {
        const one = await load(url, child.pid);
        const other = await load(`${server.ready}/bare`, server.child.pid);
        // the first turn is for the compilers
        if (turn >= 0) {
          ours.push(one);
          bare.push(other);
        }
      }
    } finally {
      await stop(server.child);
    }
    const medians = (turns) =>
      Object.fromEntries(Object.keys(turns[0]).map((key) => [key, quantile(turns.map((one) => one[key]), 0.5)])); // prettier-ignore
    const share = quantile(ours.map(({ perSecond }, turn) => perSecond / bare[turn].perSecond), 0.5); // prettier-ignore
    return { found: medians(ours), least: medians(bare), share };
  };
  try {
    const first = await get(`${api}/facets`);
    note(`first answer of a process, which reads the catalogue: ${Math.round(first.ms)} ms`);

    // pages: of whole papers, deep and at the beginning, and one alone
    const list = `${api}/papers?condition=depression`;
    const page = await get(list);
    const { data } = JSON.parse(page.body);
    for (const [name, url] of [
      ['GET /papers?condition=…', list],
      ['GET /papers/{pmid}', `${api}/papers/${data[3].pmid}`],
    ]) {
      const { body } = await get(url);
      const { found, least, share } = await compare(url, body);
      note(
        `${name}: ${(body.length / 1024).toFixed(0)} kB, ${Math.round(found.perSecond)} requests/s, bare ${Math.round(least.perSecond)}; p50 ${found.p50} ms, p99 ${found.p99} ms, bare p99 ${least.p99} ms; the process worked ${found.workedMs.toFixed(3)} ms a request, bare ${least.workedMs.toFixed(3)}`,
      );
      report(`${name}: share of a bare route`, share, '', { atLeast: 0.5 });
      report(`${name}: p99 at ${CONNECTIONS} connections`, found.p99, 'ms', { atMost: 25 });
    }
    let deep = `${api}/papers?relevance=any&limit=20`;
    const start = deep;
    let next = deep;
    for (let number = 1; number < Math.min(1000, PAPERS / 20); number += 1) {
      const { page: at } = JSON.parse((await get(next)).body);
      next = `${start}&cursor=${at.next}`;
      deep = next;
    }
    const [near, far] = [[], []];
    for (let i = 0; i < 400; i += 1) {
      near.push((await get(start)).ms);
      far.push((await get(deep)).ms);
    }
    report('page 1,000 against page 1 (medians)', quantile(far, 0.5) / quantile(near, 0.5), '×', { atMost: 1.2 });

    // counts
    const filters = [
      'condition=depression',
      'study=rct&species=human',
      'condition=ptsd,-depression&from=2020-01-01',
      'q=ketamine&route=iv',
      'safety=safety&relevance=any',
      'direction=biomarkers&minParticipants=20',
    ];
    /** Requests one after the other: as a client sees them, and what they cost the process. */
    const measure = async (name, urls, rounds, atMost) => {
      const before = usedMs(child.pid);
      const found = await times(urls, rounds);
      const after = usedMs(child.pid);
      report(`${name}: median`, quantile(found, 0.5), 'ms');
      report(`${name}: p95`, quantile(found, 0.95), 'ms', atMost === undefined ? {} : { atMost });
      if (before !== null && after !== null)
        note(`      of which the process worked ${((after - before) / found.length).toFixed(2)} ms a request`);
    };
    const under = (path) => filters.map((filter) => `${api}/${path}${path.includes('?') ? '&' : '?'}${filter}`);
    await measure('facets', under('facets'), 30, LARGE ? 100 : 15);
    await measure(
      'matrix condition × direction by study',
      under('stats/matrix?rows=condition&cols=direction&split=study'),
      20,
      50,
    );
    await measure('timeline by condition, months', under('stats/timeline?by=condition'), 20, 50);

    // words: none asked for twice
    const asked = queries(data);
    const search = (q) => `${api}/papers?q=${encodeURIComponent(q)}`;
    await measure(`searches, ${asked.length} different`, asked.map(search), 1, LARGE ? 60 : 15);
    await measure(
      'searches, best match first',
      asked.slice(0, 200).map((q) => `${search(q)}&sort=match`),
      1,
    );
    await measure(
      'similar papers',
      data.map(({ pmid }) => `${api}/papers/${pmid}/similar`),
      1,
    );
    await measure('changes', [`${api}/changes?limit=100`, `${api}/changes?limit=100&condition=ptsd`], 30);
  } finally {
    await stop(child);
  }
}
