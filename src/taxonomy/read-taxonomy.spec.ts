import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTaxonomy } from './load-taxonomy.js';
import { readTaxonomy } from './read-taxonomy.js';

const REAL = 'data/taxonomy.yaml';
const text = readFileSync(REAL, 'utf8');

describe('a taxonomy file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taxonomy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const cache = () => join(folder, 'cache');

  it('is the same from the cache as read anew', async () => {
    const fresh = loadTaxonomy(text, REAL);
    expect(await readTaxonomy(REAL, cache())).toEqual(fresh);
    expect(readdirSync(cache())).toHaveLength(1);
    expect(await readTaxonomy(REAL, cache())).toEqual(fresh);
  });

  it('is read anew after a change, and only the newest is kept', async () => {
    const path = join(folder, 'taxonomy.yaml');
    writeFileSync(path, text);
    const before = await readTaxonomy(path, cache());
    writeFileSync(path, `${text}\n# one more line\n`);
    expect((await readTaxonomy(path, cache())).version).not.toBe(before.version);
    expect(readdirSync(cache())).toHaveLength(1);
  });

  it('survives a cache that is cut short', async () => {
    const fresh = await readTaxonomy(REAL, cache());
    const kept = join(cache(), readdirSync(cache())[0] ?? '');
    writeFileSync(kept, readFileSync(kept, 'utf8').slice(0, 1000));
    expect(await readTaxonomy(REAL, cache())).toEqual(fresh);
  });

  it('is never kept with mistakes in it', async () => {
    const path = join(folder, 'taxonomy.yaml');
    writeFileSync(path, text.replace('name: Ketamine', 'nome: Ketamine'));
    // the second time as the first
    for (const file of [path, path])
      await expect(readTaxonomy(file, cache())).rejects.toMatchObject({ code: 'invalid-taxonomy' });
    expect(() => readdirSync(cache())).toThrow();
  });

  it('works where nothing can be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect((await readTaxonomy(REAL, join(folder, 'file', 'cache'))).name).toBe('Ketamine');
  });
});
