/** The digest of a week under any filter, from the API of a store of 30,000 papers. */
import { join } from 'node:path';
import { aStore, storeUrl } from './support/a-store.mjs';
import { startNode, stop } from './support/child.mjs';

export const title = 'Digests: a week under any filter, 30,000 papers';

const FILTERS = [
  '',
  'condition=ptsd,ocd',
  'condition=depression&study=rct,meta-analysis',
  'direction=biomarkers',
  'species=human&q=ketamine',
  'relevance=any',
  'route=intranasal,oral&minParticipants=20',
];
const ROUNDS = 40;

const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

export async function run({ temporary, report, note }) {
  const url = storeUrl(temporary, 'papers-30000');
  const database = await aStore(url, 30_000, { note });
  await database.close();
  const env = {
    DATABASE_URL: url,
    PORT: '0',
    JOBS: 'off',
    RATE_LIMIT: '0',
    NOW: '2026-11-24T15:00:00Z',
    MAIL_DIR: join(temporary, 'outbox'),
  };
  const { child, ready } = await startNode(
    ['dist/main.js'],
    env,
    (text) => /listening on (http:\/\/[\d.:]+)/.exec(text)?.[1],
  );
  try {
    for (const [name, week] of [
      ['open', 'current'],
      ['retrospective', '2026-W30'],
    ]) {
      const times = [];
      let papers = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const filters of FILTERS) {
          const startedAt = performance.now();
          const answer = await fetch(`${ready}/api/v1/digests/${week}?${filters}`, {
            headers: { 'accept-encoding': 'identity' },
          });
          const { data } = await answer.json();
          if (answer.status !== 200) throw new Error(`${answer.status} for ${filters}`);
          // the first round fills what is kept in memory
          if (round > 0) times.push(performance.now() - startedAt);
          papers = Math.max(papers, data.counts.papers);
        }
      }
      report(`${name} week, most papers under a filter`, papers);
      report(`${name} week, median`, quantile(times, 0.5), 'ms', { atMost: 30 });
      report(`${name} week, p95`, quantile(times, 0.95), 'ms');
    }
  } finally {
    await stop(child);
  }
}
