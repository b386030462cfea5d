/** Cold start of the server on a store that exists, against an empty Nest application: in turns, medians. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, runNode, startNode, stop } from './support/child.mjs';

export const title = 'Cold start to ready, no build and no migration';

const ROUNDS = 7;
const EMPTY = fileURLToPath(new URL('support/empty-nest.mjs', import.meta.url));

/** The address in a log line, once it answers. */
const answers = (path) => async (text) => {
  const url = /listening on (http:\/\/[\d.:]+)/.exec(text)?.[1];
  if (!url) return null;
  await fetch(`${url}${path}`);
  return url;
};

export async function run({ temporary, report }) {
  const env = {
    DATABASE_URL: `sqlite:${join(temporary, 'tracker.sqlite')}`,
    PORT: '0',
    JOBS: 'off',
    LOG_LEVEL: 'info',
  };
  await runNode(['dist/cli.js', 'migrate'], env);
  const empty = [];
  const whole = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const reference = await startNode([EMPTY], env, answers('/'));
    empty.push(reference.ms);
    await stop(reference.child);
    const program = await startNode(['dist/main.js'], env, answers('/health/ready'));
    whole.push(program.ms);
    await stop(program.child);
  }
  report('empty Nest application', median(empty), 'ms');
  report('this program', median(whole), 'ms');
  report('ratio', median(whole) / median(empty), '×', { atMost: 1.5 });
}
