import { answerQuestions } from '../thread.js';
import { parsePapers } from './parse-papers.js';

/** The thread behind `parseThread`. */
answerQuestions(parsePapers);
