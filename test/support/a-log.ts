import { createLog, type Log } from '../../src/log.js';

/** A log whose lines can be read. */
export function aLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', plain: false, now: () => Date.now(), write: (line) => lines.push(line) });
  return { log, lines };
}
