import { readFileSync, writeFileSync } from 'node:fs';
import { loadTaxonomy } from '../taxonomy/load-taxonomy.js';
import { renderConfigurationPage, renderEnvExample } from '../config/render-settings.js';
import { renderOpenApi } from '../publish/api/openapi/openapi.js';
import { withQuality } from './quality-table.js';
import { tell, type ExitCode } from './command.js';

const TAXONOMY = 'data/taxonomy.yaml';

/** Files that are made from the code, or hold something that is; a test fails when one of them is not as the code says. */
export const GENERATED: Record<string, () => string> = {
  '.env.example': renderEnvExample,
  'docs/configuration.md': renderConfigurationPage,
  'docs/openapi.json': () => renderOpenApi(loadTaxonomy(readFileSync(TAXONOMY, 'utf8'), TAXONOMY).facets),
  'README.md': () => withQuality(readFileSync('README.md', 'utf8'), readFileSync('docs/quality.md', 'utf8')),
};

/** `generate`: writes the generated files; for developers. */
export function generateCommand(): ExitCode {
  for (const [file, render] of Object.entries(GENERATED)) {
    writeFileSync(file, render());
    tell(`wrote ${file}`);
  }
  return 0;
}
