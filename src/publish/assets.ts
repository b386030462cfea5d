import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { evidenceCss } from './dashboard/mark-evidence.js';

export interface Asset {
  body: Buffer;
  type: string;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Type faces of the pages, from their npm packages: SIL Open Font License. */
const FONTS: Record<string, string> = {
  'serif.woff2': '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2',
  'serif-greek.woff2': '@fontsource-variable/source-serif-4/files/source-serif-4-greek-wght-normal.woff2',
  'sans.woff2': '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2',
  'sans-italic.woff2': '@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-italic.woff2',
  'sans-greek.woff2': '@fontsource-variable/source-sans-3/files/source-sans-3-greek-wght-normal.woff2',
};

/**
 * The files that pages load. All stand in one folder whose name is made from their contents, so that they may be
 * cached for ever and still refer to one another by their plain names.
 */
export class Assets {
  readonly version: string;

  constructor(private readonly files: ReadonlyMap<string, Asset>) {
    const hash = createHash('sha256');
    for (const [name, { body }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(name).update(body);
    this.version = hash.digest('hex').slice(0, 12);
  }

  /** Address of a file on this site. A name that does not exist is a mistake in the program. */
  readonly url = (name: string): string => {
    if (!this.files.has(name)) throw new Error(`There is no asset ${name}`);
    return `/assets/${this.version}/${name}`;
  };

  find(name: string): Asset | null {
    return this.files.get(name) ?? null;
  }

  names(): string[] {
    return [...this.files.keys()];
  }
}

/** Reads all files once: they are few and small. */
export function readAssets(): Assets {
  const folder = new URL('./dashboard/assets/', import.meta.url);
  const files = new Map<string, Asset>();
  const add = (name: string, body: Buffer) => {
    const type = TYPES[extname(name)];
    if (type) files.set(name, { body, type });
  };
  for (const name of readdirSync(folder)) add(name, readFileSync(new URL(name, folder)));
  const style = files.get('style.css');
  if (style) style.body = Buffer.concat([style.body, Buffer.from(evidenceCss())]);
  const require = createRequire(import.meta.url);
  for (const [name, path] of Object.entries(FONTS)) add(name, readFileSync(require.resolve(path)));
  return new Assets(files);
}
