import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Loaded before the program: writes down every host other than this machine that a socket is asked to reach, and keeps
 * it from being reached, so that a test sees what the program would have done.
 */
const WATCH = `
import { appendFileSync } from 'node:fs';
import dns from 'node:dns';
import net from 'node:net';
const isLocal = (host) => host === undefined || /^(localhost|127\\.|::1$|0\\.0\\.0\\.0$)/.test(String(host));
const note = (host) => appendFileSync(process.env.WATCHED_HOSTS, host + '\\n');
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof first === 'object' ? first.host : typeof args[1] === 'string' ? args[1] : undefined;
  if (isLocal(host)) return connect.apply(this, args);
  note(host);
  setImmediate(() => this.destroy(Object.assign(new Error('no internet in this test'), { code: 'ENETUNREACH' })));
  return this;
};
const lookup = dns.lookup;
dns.lookup = (host, ...rest) => {
  if (isLocal(host)) return lookup(host, ...rest);
  note(host);
  const done = rest[rest.length - 1];
  process.nextTick(() => done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })));
};
`;

export interface AProcess {
  /** Its working directory, like a fresh clone: the data files, nothing that runs left behind. */
  folder: string;
  output: () => string;
  /** Waits until the output holds this. @throws Error with the output when the process ends before */
  says: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Hosts outside this machine that it wanted to reach. */
  outsideHosts: () => string[];
  /** @returns its exit code */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  ended: Promise<number | null>;
}

/** A folder as `git clone` leaves it, as far as the program reads it. */
export function aFreshFolder(dotEnv = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'tracker-'));
  mkdirSync(join(folder, 'data'));
  for (const name of readdirSync('data'))
    if (name !== 'var') symlinkSync(resolve('data', name), join(folder, 'data', name));
  if (dotEnv) writeFileSync(join(folder, '.env'), dotEnv);
  return folder;
}

/** Runs a built file of the program (`dist/…`) in a folder of its own. */
export function aProcess(
  args: readonly [string, ...string[]],
  options: { folder?: string; dotEnv?: string; env?: Record<string, string> } = {},
): AProcess {
  const folder = options.folder ?? aFreshFolder(options.dotEnv);
  const hosts = join(folder, 'hosts.txt');
  const watch = join(folder, 'watch.mjs');
  writeFileSync(hosts, '');
  writeFileSync(watch, WATCH);
  const [file, ...rest] = args;
  let output = '';
  const child: ChildProcess = spawn(
    process.execPath,
    [`--import=${pathToFileURL(watch).href}`, resolve(file), ...rest],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, WATCHED_HOSTS: hosts, PORT: '0', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  const ended = new Promise<number | null>((done) => {
    child.on('close', (code) => {
      done(code);
      for (const listener of listeners) listener();
    });
  });
  return {
    folder,
    ended,
    output: () => output,
    says: (pattern) =>
      new Promise((found, fail) => {
        const look = () => {
          const match = pattern.exec(output);
          if (!match && child.exitCode === null && child.signalCode === null) return;
          listeners.delete(look);
          if (match) found(match);
          else fail(new Error(`The process ended without saying ${String(pattern)}:\n${output}`));
        };
        listeners.add(look);
        look();
      }),
    outsideHosts: () => readFileSync(hosts, 'utf8').split('\n').filter(Boolean),
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null) child.kill(signal);
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
