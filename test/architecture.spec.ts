import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/**
 * Who may import whom, by folder of src/. SHARED is the common ground.
 * Type-only imports count too: a shape from the wrong room is a dependency as well.
 */
const SHARED = ['model', 'problem', 'clock', 'log', 'version', 'escape', 'thread', 'ahead', 'heap'];
const MAY_IMPORT: Record<string, string[]> = {
  model: [],
  problem: [],
  clock: [],
  log: [],
  thread: ['problem'],
  ahead: [],
  heap: [],
  version: [],
  escape: [],
  config: ['problem'],
  taxonomy: SHARED,
  pubmed: SHARED,
  store: SHARED,
  // the adapter reads NCBI's settings
  ingest: [...SHARED, 'pubmed', 'store', 'config'],
  tagging: [...SHARED, 'taxonomy', 'store'],
  library: [...SHARED, 'taxonomy', 'store'],
  digest: [...SHARED, 'taxonomy', 'library', 'store'],
  subscriptions: [...SHARED, 'config', 'taxonomy', 'store', 'library', 'digest'],
  publish: [...SHARED, 'config', 'taxonomy', 'store', 'library', 'digest', 'subscriptions'],
  demo: [...SHARED, 'config'],
  jobs: [...SHARED, 'config', 'store', 'ingest', 'tagging', 'digest', 'subscriptions', 'publish'],
};
/** The process's own files wire everything. */
const SHELLS = ['main', 'serve', 'welcome', 'cli', 'app.module', 'boot', 'http'];

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : /(?<!\.spec)\.ts$/.test(name) ? [path] : [];
  });

const imports = (file: string): string[] => {
  const specifiers = [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) => normalize(join(dirname(file), specifier)));
};

const room = (path: string) => (relative('src', path).split('/')[0] ?? '').replace(/\.[jt]s$/, '');
const outlet = (path: string) =>
  path.startsWith('src/publish/') && relative('src/publish', path).includes('/')
    ? relative('src/publish', path).split('/')[0]
    : null;

describe('the house', () => {
  const sources = files('src');

  it('has only rooms that the table knows', () => {
    const unknown = [...new Set(sources.map(room))].filter((name) => !(name in MAY_IMPORT) && !SHELLS.includes(name));
    expect(unknown).toEqual([]);
  });

  it('keeps to the table of who may import whom', () => {
    const breaches: string[] = [];
    for (const file of sources) {
      const from = room(file);
      if (SHELLS.includes(from)) continue;
      for (const target of imports(file)) {
        const to = room(target);
        if (to !== from && !MAY_IMPORT[from]?.includes(to)) breaches.push(`${file} → ${target}`);
      }
    }
    expect(breaches).toEqual([]);
  });

  it('has outlets that do not know one another', () => {
    const breaches = sources.flatMap((file) =>
      imports(file).flatMap((target) =>
        outlet(file) && outlet(target) && outlet(file) !== outlet(target) ? [`${file} → ${target}`] : [],
      ),
    );
    expect(breaches).toEqual([]);
  });

  it('knows Nest and TypeORM only in its shells', () => {
    const pure = sources.filter(
      (file) => /^src\/(model|taxonomy|pubmed|config|library|digest)\//.test(file) && !file.endsWith('.service.ts'),
    );
    const breaches = pure.filter((file) => /from '(@nestjs\/|typeorm)/.test(readFileSync(file, 'utf8')));
    expect(breaches).toEqual([]);
  });
});
