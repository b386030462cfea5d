import { constants, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { answerQuestions } from '../thread.js';
import { createTagger } from './tag-paper.js';
import { tagBatch, type TaggedRecord } from './tag-records.js';
import type { TaggerSource } from './tag-threads.js';

// Storing what PubMed gives and answering readers go first. Linux alone has a priority for each thread (setpriority(2));
// elsewhere this would slow the whole process down.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

/** A thread behind `tagThreads`. */
const { taxonomy, overrides } = workerData as TaggerSource;
const tagger = createTagger(taxonomy, new Map(overrides));

answerQuestions((records: readonly string[]): (TaggedRecord | null)[] => tagBatch(tagger, records));
