import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Taxonomy } from '../model/taxonomy.js';
import { AppError } from '../problem.js';
import type { Recognition } from './recognition.js';

/** Where checked taxonomies are kept. */
export const TAXONOMY_CACHE = 'data/var/cache';

/**
 * Reads and checks a taxonomy file. A file that has been checked before by this very program is taken from a cache:
 * parsing thousands of lines of YAML would be a third of the time in which a process starts.
 * @throws AppError `invalid-taxonomy` with every mistake and its line
 */
export async function readTaxonomy(path: string, cacheFolder = TAXONOMY_CACHE): Promise<Taxonomy<Recognition>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('invalid-taxonomy', `The taxonomy file ${path} cannot be read: set TAXONOMY to one that can`, {
      cause: error,
    });
  }
  const name = `taxonomy-${keyOf(text)}.json`;
  const kept = readKept(join(cacheFolder, name));
  if (kept) return kept;
  const { loadTaxonomy } = await import('./load-taxonomy.js');
  const taxonomy = loadTaxonomy(text, path);
  keep(cacheFolder, name, taxonomy);
  return taxonomy;
}

/** Changes with the file and with the program that checks it. */
function keyOf(text: string): string {
  const hash = createHash('sha256').update(text);
  const own = import.meta.dirname;
  for (const file of readdirSync(own).sort()) if (/\.[jt]s$/.test(file)) hash.update(readFileSync(join(own, file)));
  return hash.digest('hex').slice(0, 24);
}

/** What lies there may be cut short or not be there at all: then the file is read as if for the first time. */
function readKept(path: string): Taxonomy<Recognition> | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Taxonomy<Recognition>;
  } catch {
    return null;
  }
}

/** A program that may not write here starts slower, and that is all. */
function keep(folder: string, name: string, taxonomy: Taxonomy<Recognition>): void {
  const draft = join(folder, `${name}.${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, JSON.stringify(taxonomy));
    renameSync(draft, join(folder, name));
    for (const old of readdirSync(folder)) if (/^taxonomy-/.test(old) && old !== name) rmSync(join(folder, old), { force: true }); // prettier-ignore
  } catch {
    if (existsSync(draft)) rmSync(draft, { force: true });
  }
}
