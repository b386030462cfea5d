import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../thread.js';
import { judgeFold, type Fold, type FoldSource, type HeldOutAt } from './cross-validate.js';

/** A thread behind `crossValidate`. */
const source = workerData as FoldSource;

answerQuestions((fold: Fold): HeldOutAt[] => judgeFold(source, fold));
