/**
 * Import of bulk files: one gigabyte of XML in which one record in 300 is ours, against merely gunzipping it, and a file
 * in which every record is ours. The records are copies under other PMIDs.
 */
import { createReadStream, createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, gunzipSync } from 'node:zlib';
import { runNode } from './support/child.mjs';

export const title = 'Import: 1 GB of XML, one record in 300 ours; and a file of ours only';

const GIGABYTE = 1_000_000_000;
const ONE_IN = 300;
const OURS_ONLY = 6_000;
const SHARED = process.env['SHARED_DIR'] ?? resolve('../shared');

const split = (xml) => xml.match(/<PubmedArticle>[\s\S]*?<\/PubmedArticle>/g) ?? [];

/** Real records where there are some, else the authored ones. */
function someRecords(note) {
  const real = join(SHARED, 'pubmed');
  if (existsSync(join(real, 'pubmed-real.xml.gz'))) {
    note('records: copies of real ones');
    const read = (name) => split(gunzipSync(readFileSync(join(real, name))).toString());
    return [...read('pubmed-real.xml.gz'), ...read('ketamine-shaped.xml.gz')];
  }
  note('records: copies of the authored ones');
  const folder = resolve('data/sample/pubmed');
  return readdirSync(folder).flatMap((name) => split(readFileSync(join(folder, name), 'utf8')));
}

const DRUG = /[a-z]*ketamin|ketalar|spravato|hnk|AXS|PCN|CI.581/gi;

/** The records that the taxonomy's query asks for, and others: the same under other names, as far as it asks for none. */
async function divide(records) {
  const { parseRecord } = await import('../../dist/pubmed/parse-record.js');
  const { queryMatcher } = await import('../../dist/ingest/import/matches-query.js');
  const { readTaxonomy } = await import('../../dist/taxonomy/read-taxonomy.js');
  const matches = queryMatcher((await readTaxonomy('data/taxonomy.yaml')).query);
  const isOurs = (record) => {
    const parsed = parseRecord(record);
    return parsed.kind === 'paper' && matches(parsed.paper);
  };
  return {
    ours: records.filter(isOurs),
    others: records.map((record) => record.replace(DRUG, 'aspirin')).filter((record) => !isOurs(record)),
  };
}

const underPmid = (record, pmid) => record.replace(/(<PMID\b[^>]*>)\d+/, `$1${pmid}`);

async function writeFile(path, records) {
  const gzip = createGzip({ level: 6 });
  const written = pipeline(gzip, createWriteStream(path));
  const write = async (text) => {
    if (!gzip.write(text)) await new Promise((done) => gzip.once('drain', done));
    return Buffer.byteLength(text);
  };
  let bytes = await write('<?xml version="1.0"?>\n<PubmedArticleSet>\n');
  let count = 0;
  for (const record of records(() => bytes)) {
    bytes += await write(`${record}\n`);
    count++;
  }
  gzip.end('</PubmedArticleSet>\n');
  await written;
  return { bytes, count };
}

async function gunzip(path) {
  const startedAt = performance.now();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(
    createReadStream(path, { highWaterMark: 128 * 1024 }),
    createGunzip({ chunkSize: 1024 * 1024 }),
    nowhere,
  );
  return (performance.now() - startedAt) / 1000;
}

/** The import alone, without the start of a process and without tagging. */
async function importing(temporary, name, file) {
  const { openDatabase } = await import('../../dist/store/open-database.js');
  const { migrate } = await import('../../dist/store/migrate.js');
  const { ClaimsStore } = await import('../../dist/store/claims.store.js');
  const { KeptStore } = await import('../../dist/store/kept.store.js');
  const { PapersStore } = await import('../../dist/store/papers.store.js');
  const { RunsStore } = await import('../../dist/store/runs.store.js');
  const { SetAsideStore } = await import('../../dist/store/set-aside.store.js');
  const { takeLease } = await import('../../dist/store/lease.js');
  const { IngestService } = await import('../../dist/ingest/ingest.service.js');
  const { readInWorker } = await import('../../dist/ingest/import/read-in-worker.js');
  const { readTaxonomy } = await import('../../dist/taxonomy/read-taxonomy.js');
  const database = await openDatabase(`sqlite:${join(temporary, name)}`);
  await migrate(database);
  const claims = new ClaimsStore(database);
  const lease = await takeLease(claims, 'pubmed', 'bench');
  const service = new IngestService(
    {
      pubmed: null,
      database,
      papers: new PapersStore(database),
      setAside: new SetAsideStore(database),
      runs: new RunsStore(database),
      claims,
      kept: new KeptStore(database),
      clock: { now: () => Date.now() },
      settings: { syncFrom: null, newsFrom: null, timeZone: 'UTC' },
    },
    { query: (await readTaxonomy('data/taxonomy.yaml')).query, readFile: readInWorker },
  );
  const startedAt = performance.now();
  const run = await service.import({
    trigger: 'command',
    holder: 'bench',
    claim: lease.claim,
    signal: new AbortController().signal,
    files: [file],
  });
  const seconds = (performance.now() - startedAt) / 1000;
  await lease.release();
  await database.close();
  if (run.status !== 'complete') throw new Error(`the import is ${run.status}: ${run.error?.detail}`);
  return { run, seconds };
}

export async function run({ temporary, report, note }) {
  const { ours, others } = await divide(someRecords(note));
  note(`${ours.length} that the query asks for, ${others.length} that it does not`);

  const mixed = join(temporary, 'mixed.xml.gz');
  const whole = await writeFile(mixed, function* (bytes) {
    for (let at = 0; bytes() < GIGABYTE; at++)
      yield underPmid(
        at % ONE_IN === 0 ? ours[(at / ONE_IN) % ours.length] : others[at % others.length],
        10_000_000 + at,
      );
  });
  note(`${(whole.bytes / 1e6).toFixed(0)} MB, ${whole.count} records`);
  const before = await gunzip(mixed);
  const import1 = await importing(temporary, 'mixed.sqlite', mixed);
  const after = await gunzip(mixed);
  const reference = (before + after) / 2;
  report('records kept', import1.run.stored, '', {
    atLeast: Math.ceil(whole.count / ONE_IN),
    atMost: Math.ceil(whole.count / ONE_IN),
  });
  report('merely gunzipping', whole.bytes / 1e6 / reference, 'MB/s');
  report('import', whole.bytes / 1e6 / import1.seconds, 'MB/s');
  report('import / merely gunzipping', reference / import1.seconds, '×', { atLeast: 0.5 });

  const env = { DATABASE_URL: `sqlite:${join(temporary, 'command.sqlite')}`, LOG_LEVEL: 'warn' };
  await runNode(['dist/cli.js', 'migrate'], env);
  const command = await runNode(['dist/cli.js', 'import', mixed], env);
  if (command.code !== 0) throw new Error(command.err.slice(-1000));
  report('the whole command, tagging included', command.seconds, 's');
  if (command.memory.length > 0)
    report('its resident memory, most', Math.max(...command.memory), 'MB', { atMost: 250 });

  const only = join(temporary, 'only.xml.gz');
  const matching = await writeFile(only, function* () {
    for (let at = 0; at < OURS_ONLY; at++) yield underPmid(ours[at % ours.length], 20_000_000 + at);
  });
  const import2 = await importing(temporary, 'only.sqlite', only);
  note(`${((matching.bytes / 1e6 / matching.count) * 1000).toFixed(1)} kB a record`);
  report('ours only: parsed, stored and indexed', import2.run.stored / import2.seconds, 'records/s', {
    atLeast: 1_000,
  });
}
