import { readFileSync } from 'node:fs';
import { GENERATED } from '../src/cli/generate.js';

describe('generated files', () => {
  it.each(Object.keys(GENERATED))('%s is as the code says (else: npm run fix)', (file) => {
    expect(readFileSync(file, 'utf8')).toBe(GENERATED[file]?.());
  });
});
