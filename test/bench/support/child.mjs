/** Child processes of the built program, watched from outside. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory of a process now, MB; null where the system does not tell (only Linux does so in /proc). */
export function residentMb(pid) {
  try {
    const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) / 1024 : null;
  } catch {
    return null;
  }
}

/** Runs a Node script to its end. @returns exit code, what it printed, seconds, and its resident memory over time (MB) */
export function runNode(args, env = {}, everyMs = 200) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += chunk));
  child.stderr.on('data', (chunk) => (output.err += chunk));
  const memory = [];
  const timer = setInterval(() => {
    const mb = residentMb(child.pid);
    if (mb !== null) memory.push(mb);
  }, everyMs);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearInterval(timer);
      resolve({ code, ...output, seconds: (performance.now() - startedAt) / 1000, memory });
    });
  });
}

/** Starts a Node script and waits until `isReady` gives something. @returns the child, that something, and ms until then */
export async function startNode(args, env, isReady) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ready = await new Promise((resolve, reject) => {
    const look = (chunk) => {
      text += chunk;
      Promise.resolve(isReady(text)).then((value) => value && resolve(value), reject);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${text.slice(-2000)}`)));
  });
  child.removeAllListeners('exit');
  // a server that ends in the middle of a bench is a finding, not a slow answer
  child.on('exit', (code, signal) => {
    if (code !== 0 && signal !== 'SIGTERM') console.error(`ended with ${code ?? signal}: ${text.slice(-2000)}`);
  });
  return { child, ready, ms: performance.now() - startedAt };
}

export const stop = (child) =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(child.exitCode);
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
