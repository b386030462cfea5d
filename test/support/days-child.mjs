// The whole program with its HTTP server, whose clock is told: `hour INSTANT` syncs and tags as the schedule does at
// that time, and answers with the memory that is in use after a collection of all garbage, in bytes.
import 'reflect-metadata';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { boot } from '../../dist/boot.js';
import { createHttpApp } from '../../dist/http.js';
import { SyncJob } from '../../dist/jobs/sync-job.js';
import { TaggingJob } from '../../dist/jobs/tagging-job.js';

const started = await boot();
let ahead = 0;
const clock = { now: () => Date.now() + ahead };
// as in the demo PubMed is not paced: hours pass in moments
const app = await createHttpApp({ ...started, clock }, { stopping: { stopping: false }, demo: true });
await app.listen(0, '127.0.0.1');
const { port } = app.getHttpServer().address();

createInterface({ input: process.stdin }).on('line', async (line) => {
  ahead = Date.parse(line.split(' ')[1]) - Date.now();
  const signal = new AbortController().signal;
  const run = await app.get(SyncJob).run({ trigger: 'schedule', holder: 'days', signal });
  await app.get(TaggingJob).finish();
  for (const path of [
    '/',
    '/papers?q=ketamine',
    '/feeds/papers.atom',
    '/api/v1/papers?limit=100',
    '/digests',
    '/metrics',
  ]) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
  }
  // weak references let go after a turn of the event loop
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  process.stdout.write(`${run.status} ${heapUsed + external}\n`);
});
process.stdout.write('ready\n');
await once(process.stdin, 'end');
process.exit();
