import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { JobRun } from '../../src/model/job-run.js';

/** What a child that was not killed says at its end: the run, or why there is none. */
export type Verdict = JobRun | { code: string; detail: string };
export const isRun = (verdict: Verdict | null): verdict is JobRun => verdict !== null && 'status' in verdict;

export interface SyncChild {
  pid: number;
  /** One sync, as by command; `wait` = until PubMed is free. */
  go: (word?: 'go' | 'wait') => void;
  /** Looks at the schedules as a server does at that time. @returns true when what was due is done, false when it was killed */
  look: (instant: string) => Promise<boolean>;
  /** @returns false when it had ended already */
  kill: (signal?: NodeJS.Signals) => boolean;
  ended: Promise<{ code: number | null; verdict: Verdict | null }>;
  /** Its log: warnings and errors. */
  log: () => string;
}

/**
 * A process of the built program that has everything loaded and waits for the word to sync and to tag.
 * @param onStep called at each step that its run has written
 * @param fileKb no file that it writes may become larger
 */
export async function aSyncChild(
  env: Record<string, string>,
  onStep: () => void = () => undefined,
  fileKb?: number,
): Promise<SyncChild> {
  const program: [string, ...string[]] = [process.execPath, 'test/support/sync-child.mjs'];
  // a shell counts in blocks of 512 bytes
  const limited = ['-c', `ulimit -f ${2 * (fileKb ?? 0)}; exec "$0" "$@"`, ...program];
  const child = spawn(fileKb === undefined ? program[0] : 'sh', fileKb === undefined ? program.slice(1) : limited, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  child.stdin.on('error', () => undefined);
  let last = '';
  let rest = '';
  let wasIdle: () => void = () => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'step') onStep();
      else if (line === 'idle') wasIdle();
      else last = line;
    }
  });
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    verdict: last.startsWith('{') ? (JSON.parse(last) as Verdict) : null,
  }));
  const isReady = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)]);
  if (isReady === null) throw new Error(`The process ended before it was ready:\n${log}`);
  return {
    log: () => log,
    pid: child.pid ?? 0,
    go: (word = 'go') => void child.stdin.write(`${word}\n`),
    look: (instant) =>
      Promise.race([
        new Promise<boolean>((resolve) => {
          wasIdle = () => resolve(true);
          child.stdin.write(`look ${instant}\n`);
        }),
        ended.then(() => false),
      ]),
    kill: (signal = 'SIGKILL') => child.exitCode === null && child.signalCode === null && child.kill(signal),
    ended,
  };
}
