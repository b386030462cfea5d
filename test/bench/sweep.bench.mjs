/** A sweep of 30,000 papers with nothing to do: it only searches, and asks little. */
import { join } from 'node:path';
import { startEutilsServer } from '../../dist/demo/eutils-server.js';
import { readSampleRecords } from '../../dist/demo/sample.js';
import { runNode } from './support/child.mjs';

export const title = 'Sweep: 30,000 papers, nothing to do';

const PAPERS = 30_000;
/** Copies; not every original is one that the query finds. */
const COPIES = 30_600;
/** As the literature lies: more and more of it. */
const SPANS = [
  { share: 0.1, from: '1970-01-01', to: '1999-12-31' },
  { share: 0.3, from: '2000-01-01', to: '2014-12-31' },
  { share: 0.6, from: '2015-01-01', to: '2026-10-31' },
];

export async function run({ temporary, report, note }) {
  const records = readSampleRecords().filter((record) => !record.includes('<PubmedBookArticle>'));
  const pubmed = await startEutilsServer({ records, rateWithKey: 10 });
  try {
    let base = 60_000_000;
    for (const { share, from, to } of SPANS) {
      const count = Math.round(COPIES * share);
      pubmed.control({ clone: { count, from, to, base } });
      base += 1_000_000;
    }
    const env = {
      DATABASE_URL: `sqlite:${join(temporary, 'tracker.sqlite')}`,
      NCBI_BASE_URL: pubmed.url,
      NCBI_API_KEY: 'bench-key-0123456789',
      LOG_LEVEL: 'warn',
      NOW: '2026-11-20T15:00:00Z',
    };
    await runNode(['dist/cli.js', 'migrate'], env);
    const sync = await runNode(['dist/cli.js', 'sync'], env);
    if (sync.code !== 0) throw new Error(`the sync ended with ${sync.code}: ${sync.err.slice(-1000)}${sync.out}`);
    note(`the back-fill before it: ${sync.seconds.toFixed(0)} s, tagging included`);

    pubmed.control({ resetLog: true });
    const sweep = await runNode(['dist/cli.js', 'sync', '--full'], { ...env, NOW: '2026-11-22T15:00:00Z' });
    if (sweep.code !== 0) throw new Error(`the sweep ended with ${sweep.code}: ${sweep.err.slice(-1000)}${sweep.out}`);
    note(sweep.out.trim().split('\n').join('\n  '));
    const count = (name) => Number(new RegExp(`${name} (\\d+)`).exec(sweep.out)?.[1]);
    const asked = (util) => pubmed.log().filter((entry) => entry.util === util).length;
    report('papers compared', count('counted'), '', { atLeast: PAPERS });
    report('unchanged', count('unchanged'), '', { atLeast: PAPERS });
    report('requests', pubmed.log().length, '', { atMost: 20 });
    report('of them EFetch', asked('efetch'), '', { atMost: 0 });
    report('the command', sweep.seconds, 's');
    if (sweep.memory.length > 0) report('resident memory, most', Math.max(...sweep.memory), 'MB', { atMost: 300 });
  } finally {
    await pubmed.close();
  }
}
