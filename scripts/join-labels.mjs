/**
 * Labels of data/labels have no texts of papers: this joins them with the records of PubMed files, for
 * `npm run quality` and `eval`.
 *
 *   node scripts/join-labels.mjs LABELS.jsonl RECORDS.xml.gz… > LABELLED.jsonl
 *
 * A paper is named by its title (SHA-256 of its letters and digits, lower case, the first 16 hex digits), as copies of
 * a record do not always have its PMID. Labels whose record is in none of the files are left out and counted.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parsePapers } from '../dist/pubmed/parse-papers.js';
import { toTaggable } from '../dist/tagging/to-taggable.js';

const [labelsFile, ...recordFiles] = process.argv.slice(2);
if (!labelsFile || recordFiles.length === 0) {
  process.stderr.write('Usage: node scripts/join-labels.mjs LABELS.jsonl RECORDS.xml[.gz]… > LABELLED.jsonl\n');
  process.exit(1);
}

const papers = new Map();
for (const file of recordFiles) {
  const bytes = readFileSync(file);
  const xml = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  for (const paper of parsePapers(xml).papers) papers.set(keyOf(paper.title), paper);
}

let missing = 0;
for (const line of readFileSync(labelsFile, 'utf8').split('\n')) {
  if (line.trim() === '') continue;
  const { title, ...noted } = JSON.parse(line);
  const paper = papers.get(title);
  if (paper) process.stdout.write(`${JSON.stringify({ ...toTaggable(paper), ...noted })}\n`);
  else missing += 1;
}
if (missing > 0) process.stderr.write(`${missing} labelled papers are in none of these files\n`);

function keyOf(title) {
  const folded = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return createHash('sha256').update(folded).digest('hex').slice(0, 16);
}
