import { parentPort } from 'node:worker_threads';
import { AppError } from '../problem.js';
import { parsePapers } from './parse-papers.js';
import type { ParseAnswer } from './parse-thread.js';

/** The thread behind `ParseThread`: one answer for each body, whatever is wrong with it. */
const port = parentPort;
if (!port) throw new Error('This file runs as a worker.');

port.on('message', ({ id, body }: { id: number; body: Uint8Array }) => {
  let answer: ParseAnswer;
  try {
    answer = { id, set: parsePapers(body) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    answer = { id, problem: { code: error.code, message: error.message } };
  }
  port.postMessage(answer);
});
