import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Paper } from '../../model/paper.js';
import type { TaxonomyQuery } from '../../model/taxonomy.js';
import { AppError } from '../../problem.js';
import { parseRecord, type RecordProblem } from '../../pubmed/parse-record.js';
import { paperHead, type PaperHead } from '../../store/paper-head.js';
import { ByteScanner } from './byte-scanner.js';
import { queryMatcher } from './matches-query.js';
import { needlesOf } from './needles.js';
import { BrokenFile, RecordSplitter, type FilePart } from './split-records.js';
import { unpack, type Unpacked } from './unpack.js';

/** What a part of a file gave. */
export interface FileBatch {
  /** Records that the query asks for. */
  papers: PaperHead[];
  excluded: RecordProblem[];
  unreadable: RecordProblem[];
  /** PMIDs of DeleteCitation: to be marked as gone after `papers` are stored. */
  deleted: string[];
  /** Records looked at, whatever they are about. */
  records: number;
  /** Bytes of the file read so far. */
  read: number;
}

/** A batch is given when it holds so many papers, or when so many bytes of the file have been read since the last. */
const PAPERS_A_BATCH = 250;
const BYTES_A_BATCH = 16_000_000;

/**
 * The records of a PubMed file (article sets, baseline and update files, plain or gzipped) that the query asks for.
 * Most records are skipped on the strength of their bytes; the others are parsed, and judged by their fields.
 * @param unpackFile gives bytes that are valid until it is asked for more
 * @throws AppError `file-unreadable`, or `file-damaged` with the place and the reason, after all that was whole
 */
export async function* readPubmedFile(
  path: string,
  query: TaxonomyQuery,
  unpackFile: (path: string) => AsyncIterable<Unpacked> = unpack,
): AsyncGenerator<FileBatch> {
  await checkMd5(path);
  const scanner = new ByteScanner(needlesOf(query));
  const matches = queryMatcher(query);
  const ours = (paper: Paper) => (matches(paper) ? paperHead(paper) : null);
  const splitter = new RecordSplitter();
  let batch = emptyBatch(0);
  let since = 0;
  let records = 0;
  try {
    for await (const { bytes, read } of unpackFile(path)) {
      for (const part of splitter.push(bytes)) {
        if (part.name !== 'DeleteCitation') records++;
        take(batch, part, scanner, ours);
        if (batch.papers.length < PAPERS_A_BATCH) continue;
        yield { ...batch, read };
        batch = emptyBatch(read);
      }
      batch.read = read;
      if (read - since < BYTES_A_BATCH && batch.deleted.length === 0) continue;
      since = read;
      yield batch;
      batch = emptyBatch(read);
    }
    splitter.end();
  } catch (error) {
    yield batch;
    throw problemOf(error, path, records);
  }
  yield batch;
}

const emptyBatch = (read: number): FileBatch => ({
  papers: [],
  excluded: [],
  unreadable: [],
  deleted: [],
  records: 0,
  read,
});

const CITATION_END = Buffer.from('</MedlineCitation>');

function take(batch: FileBatch, part: FilePart, scanner: ByteScanner, ours: (paper: Paper) => PaperHead | null): void {
  if (part.name === 'DeleteCitation') {
    for (const [, pmid] of part.bytes.toString('latin1').matchAll(/<PMID\b[^>]*>\s*(\d{1,9})\s*<\/PMID>/g))
      if (pmid !== undefined) batch.deleted.push(pmid);
    return;
  }
  batch.records++;
  // what stands behind, references above all, is not searched; a broken record may lack this end
  const end = part.bytes.indexOf(CITATION_END);
  if (!scanner.isIn(part.bytes, 0, end < 0 ? part.bytes.length : end)) return;
  const parsed = parseRecord(part.bytes.toString('utf8').replaceAll('\0', '\ufffd'));
  if (parsed.kind === 'paper') {
    const head = ours(parsed.paper);
    if (head) batch.papers.push(head);
    return;
  }
  const { pmid, code, detail } = parsed;
  batch[parsed.kind].push({ pmid, code, detail: `${detail} (at byte ${part.offset})` });
}

function problemOf(error: unknown, path: string, records: number): Error {
  if (!(error instanceof BrokenFile)) return fileProblem(error, path);
  return new AppError(
    'file-damaged',
    `${basename(path)} is damaged at byte ${error.offset} of its ${error.of}: ${error.reason}. The ${records} records before that were looked at, and kept where they match; get the file again and import it once more`,
    { cause: error },
  );
}

function fileProblem(error: unknown, path: string): Error {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const why: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder: name the files in it',
    EACCES: 'this user may not read it',
  };
  if (error instanceof AppError || typeof code !== 'string')
    return error instanceof Error ? error : new Error(String(error));
  return new AppError('file-unreadable', `${path} cannot be read: ${why[code] ?? code}`, { cause: error });
}

/** The size of a file that can be read. @throws AppError `file-unreadable` */
export async function fileSize(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    return found.size;
  } catch (error) {
    throw fileProblem(error, path);
  }
}

/**
 * NLM puts a `.md5` file beside each of its files: a file that is not what it says is refused before anything of it is
 * taken in.
 */
async function checkMd5(path: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(`${path}.md5`, 'utf8');
  } catch {
    return;
  }
  const wanted = /\b[0-9a-f]{32}\b/i.exec(text)?.[0].toLowerCase();
  if (!wanted) throw new AppError('file-damaged', `${basename(path)}.md5 holds no MD5 sum: get it again, or remove it`);
  const hash = createHash('md5');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>)
      hash.update(chunk);
  } catch (error) {
    throw fileProblem(error, path);
  }
  if (hash.digest('hex') !== wanted)
    throw new AppError(
      'file-damaged',
      `${basename(path)} is not what its .md5 file says: nothing of it was taken in; get it again`,
    );
}
