/**
 * How fast papers are tagged, by fifty as the stage does it, with evidence and facts, and how long a store of 30,000
 * takes to be tagged again under a new edition of the taxonomy, storing included: once where hardly any tag changes,
 * once where nearly every paper's do.
 * The first is time of the processor, so that other programs on the machine do not count. The second is the clock's, as
 * the program does it: papers are tagged in threads of their own while those before are stored.
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { readSampleRecords } from '../../dist/demo/sample.js';
import { parsePapers } from '../../dist/pubmed/parse-papers.js';
import { ClaimsStore } from '../../dist/store/claims.store.js';
import { KeptStore } from '../../dist/store/kept.store.js';
import { RunsStore } from '../../dist/store/runs.store.js';
import { TaggingStore } from '../../dist/store/tagging.store.js';
import { createTagger } from '../../dist/tagging/tag-paper.js';
import { tagThreads } from '../../dist/tagging/tag-threads.js';
import { TaggingService } from '../../dist/tagging/tagging.service.js';
import { toTaggable } from '../../dist/tagging/to-taggable.js';
import { loadTaxonomy } from '../../dist/taxonomy/load-taxonomy.js';
import { aStore, storeUrl } from './support/a-store.mjs';
import { residentMb } from './support/child.mjs';

export const title = 'Tagging: papers a second, and 30,000 stored papers tagged again';

const PAPERS = 30_000;
const yaml = readFileSync('data/taxonomy.yaml', 'utf8');
const edition = (text) => loadTaxonomy(text, 'data/taxonomy.yaml');

/** Seconds of the processor and of the clock that some work takes. */
async function timed(work) {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1e6, clock: (performance.now() - startedAt) / 1000 };
}

export async function run({ temporary, report, note }) {
  const originals = parsePapers(
    `<?xml version="1.0"?><PubmedArticleSet>${readSampleRecords().join('')}</PubmedArticleSet>`,
  ).papers.map(toTaggable);
  const letters = originals.reduce((sum, { abstract }) => sum + abstract.reduce((all, { text }) => all + text.length, 0), 0); // prettier-ignore
  note(
    `${originals.length} authored papers, abstracts of ${Math.round(letters / originals.length)} letters on average`,
  );
  const tagger = createTagger(edition(yaml));
  const tagAll = (rounds) => {
    for (let round = 0; round < rounds; round += 1)
      for (let at = 0; at < originals.length; at += 50) tagger.many(originals.slice(at, at + 50));
  };
  tagAll(20);
  note(`yardstick of the machine: JSON.parse reads ${Math.round(await parseSpeed())} MB a second just now`);
  const pure = await timed(() => tagAll(40));
  report('tagged', (40 * originals.length) / pure.cpu, 'papers/s of one core', { atLeast: 5_000 });

  const database = await aStore(storeUrl(temporary, 'papers-30000-tagging'), PAPERS, { note });
  const service = (taxonomy, threads) =>
    new TaggingService(
      createTagger(taxonomy),
      database,
      new TaggingStore(database),
      new RunsStore(database),
      new ClaimsStore(database),
      new KeptStore(database),
      { now: () => Date.now() },
      threads,
    );
  const retag = async (label, taxonomy) => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const memory = [];
    globalThis.gc?.();
    delay.enable();
    let counts = {};
    const time = await timed(async () => {
      const threads = tagThreads(taxonomy, new Map());
      const stage = service(taxonomy, threads);
      await stage.adopt();
      const request = { trigger: 'command', holder: 'bench', signal: new AbortController().signal };
      counts = (await stage.run({ ...request, onProgress: () => memory.push(residentMb(process.pid) ?? 0) })).counts;
      await threads.close();
    });
    delay.disable();
    note(
      `${label}: ${counts.tagged} papers, of which ${counts.changed} changed; ${time.cpu.toFixed(1)} s of all processors`,
    );
    report(`${label}: ${PAPERS} papers tagged and stored`, time.clock, 's by the clock', { atMost: 15 });
    report(`${label}: longest pause of the event loop, 99 of 100`, delay.percentile(99) / 1e6, 'ms', { atMost: 60 });
    const half = memory.slice(Math.floor(memory.length / 10));
    report(`${label}: memory, last quarter above the first`, mean(half.slice(-half.length / 4)) - mean(half.slice(0, half.length / 4)), 'MB', { atMost: 60 }); // prettier-ignore
  };
  try {
    await retag('new edition', edition(`${yaml}\n# another edition\n`));
    // a renamed tag that most papers have
    await retag('renamed tag', edition(yaml.replace(/^( +)human:$/m, '$1human-beings:')));
  } finally {
    await database.close();
  }
}

/** What this processor does at this moment with something every reader knows the speed of. */
async function parseSpeed() {
  const text = JSON.stringify(Array.from({ length: 2_000 }, (_, at) => ({ at, text: `text ${at}`, list: [1, 2, 3] })));
  const read = (times) => {
    for (let time = 0; time < times; time += 1) JSON.parse(text);
  };
  read(20);
  const { cpu } = await timed(() => read(40));
  return (40 * text.length) / 1e6 / cpu;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
