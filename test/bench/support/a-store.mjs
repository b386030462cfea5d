/**
 * A store of many papers: copies of the authored records under PMIDs of their own, added on days spread over years,
 * their texts varied so that no two are the same, tagged by the real tagger (each original once: copies share its tags).
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTagger } from '../../../dist/tagging/tag-paper.js';
import { tagRecord } from '../../../dist/tagging/tag-records.js';
import { loadTaxonomy } from '../../../dist/taxonomy/load-taxonomy.js';
import { readSampleRecords } from '../../../dist/demo/sample.js';
import { parsePapers } from '../../../dist/pubmed/parse-papers.js';
import { KeptStore } from '../../../dist/store/kept.store.js';
import { migrate } from '../../../dist/store/migrate.js';
import { openDatabase } from '../../../dist/store/open-database.js';
import { PapersStore } from '../../../dist/store/papers.store.js';
import { RunsStore } from '../../../dist/store/runs.store.js';
import { TaggingStore } from '../../../dist/store/tagging.store.js';

const BATCH = 500;
const DAY = 86_400_000;
/** Copies carry PMIDs from here down. */
const TOP_PMID = 95_000_000;
const NEWEST = Date.parse('2026-11-24T00:00:00Z');
/** Over how many days the copies are spread: as many a week as in reality at 30,000. */
const SPAN_DAYS = 7_300;

/**
 * @param url DATABASE_URL; the tables are made, and the papers unless they are there already
 * @returns the open database; close it
 */
export async function aStore(url, count, { note = () => {} } = {}) {
  const database = await openDatabase(url);
  await migrate(database);
  const papers = new PapersStore(database);
  const have = (await papers.count()).papers;
  if (have >= count) return database;
  const startedAt = performance.now();
  const originals = parsePapers(
    `<?xml version="1.0"?><PubmedArticleSet>${readSampleRecords().join('')}</PubmedArticleSet>`,
  ).papers;
  const taxonomyPath = 'data/taxonomy.yaml';
  const tagger = createTagger(loadTaxonomy(readFileSync(taxonomyPath, 'utf8'), taxonomyPath));
  const tagged = originals.map((paper) => tagRecord(tagger, JSON.stringify(paper)));
  const tagging = new TaggingStore(database);
  for (let from = have; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => copy(originals, from + at, count));
    await database.transaction((sql) =>
      papers.storeBatch(sql, batch, {
        source: 'sync',
        runId: 'bench',
        at: NEWEST + from,
        fetchedOn: '2026-11-24',
        newsFrom: '2026-11-09',
      }),
    );
    const read = await tagging.read(batch.map((paper) => Number(paper.pmid)));
    await database.transaction((sql) =>
      tagging.write(
        sql,
        read.map(({ pmid, contentDigest }) => ({
          pmid,
          contentDigest,
          ...tagged[(TOP_PMID - Number(pmid)) % originals.length],
        })),
        { version: tagger.version, at: NEWEST + from, runId: 'bench' },
      ),
    );
  }
  await new KeptStore(database).write('sync', {
    query: 'bench',
    from: '1800-01-01',
    watchFrom: '2026-11-24',
    cursor: '2026-11-24',
  });
  await new KeptStore(database).write('news-from', '2026-11-09');
  const runs = new RunsStore(database);
  const run = await runs.start('sync', 'command', 'bench', NEWEST);
  await runs.finish(run, 'complete', NEWEST + 60_000, null);
  note(
    `made a store of ${count.toLocaleString('en-GB')} papers in ${Math.round((performance.now() - startedAt) / 1000)} s`,
  );
  return database;
}

function copy(originals, index, count) {
  const original = originals[index % originals.length];
  const round = Math.floor(index / originals.length);
  const added = new Date(NEWEST - Math.floor((index / Math.max(count, 30_000)) * SPAN_DAYS) * DAY)
    .toISOString()
    .slice(0, 10);
  return {
    ...original,
    pmid: String(TOP_PMID - index),
    title: `${original.title.replace(/\.$/, '')} (copy ${round}).`,
    added,
    published: { text: added.slice(0, 7).replace('-', ' '), date: added.slice(0, 7) },
    doi: original.doi === null ? null : `${original.doi}.c${index}`,
    related: [],
  };
}

/**
 * Where a bench's store is: `BENCH_DATABASE_URL`, or a PostgreSQL of its own for `BENCH_DATABASE=postgres`, or a file.
 * @returns its address, and how to be done with it
 */
export async function storeOf(temporary, name) {
  const url = process.env['BENCH_DATABASE_URL'];
  if (url) return { url, close: async () => {} };
  if (process.env['BENCH_DATABASE'] !== 'postgres') return { url: storeUrl(temporary, name), close: async () => {} };
  const { startPostgres } = await import('../../support/start-postgres.mjs');
  const server = await startPostgres();
  return { url: `${server.url}/postgres`, close: () => server.remove() };
}

/** A folder for stores that are costly to make and may be kept between runs; `BENCH_STORES` names one. */
export const storeUrl = (temporary, name) => {
  const folder = process.env['BENCH_STORES'] ?? temporary;
  return `sqlite:${join(existsSync(folder) ? folder : dirname(folder), `${name}.sqlite`)}`;
};
