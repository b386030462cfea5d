import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLocalLinks } from './support/readme.js';

describe('README.md', () => {
  const readme = readFileSync('README.md', 'utf8');

  it('says of the demo how many papers it has', async () => {
    const { readSampleRecords } = await import('../src/demo/sample.js');
    const pmids = new Set(readSampleRecords().map((xml) => /<PMID[^>]*>(\d+)</.exec(xml)?.[1]));
    expect(readme).toContain(`on ${pmids.size} invented papers`);
  });
});

describe('docs/architecture.md', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');
  const table = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = new Set(
    table.flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')),
  );

  it('names every file and folder right under src/, and none that is not there', () => {
    const there = readdirSync('src', { withFileTypes: true })
      .filter((entry) => !entry.name.endsWith('.spec.ts'))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    expect([...named].sort()).toEqual(there.sort());
  });

  it('names outlets that are there', () => {
    const outlets = [...page.matchAll(/publish\/\{([^}]+)\}/g)].flatMap(([, list = '']) => list.split(', '));
    expect(outlets.filter((name) => !existsSync(`src/publish/${name}`))).toEqual([]);
  });
});

describe('every page of the documentation', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'data/sample/README.md',
    ...readdirSync('docs')
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];

  it.each(pages)('%s links only to files that are there', (page) => {
    const missing = readLocalLinks(page).filter(
      (target) => !target.startsWith('/') && !existsSync(join(dirname(page), target.split('#')[0] ?? '')),
    );
    expect(missing).toEqual([]);
  });
});
