import { writeFileSync } from 'node:fs';
import { readTaxonomyFile } from '../boot.js';
import { renderConfigurationPage, renderEnvExample } from '../config/render-settings.js';
import { renderOpenApi } from '../publish/api/openapi/openapi.js';
import { tell, type ExitCode } from './command.js';

/** Files that are made from the code; a test fails when one of them is not as the code says. */
export const GENERATED: Record<string, () => string> = {
  '.env.example': renderEnvExample,
  'docs/configuration.md': renderConfigurationPage,
  'docs/openapi.json': () => renderOpenApi(readTaxonomyFile('data/taxonomy.yaml').facets),
};

/** `generate`: writes the generated files; for developers. */
export function generateCommand(): ExitCode {
  for (const [file, render] of Object.entries(GENERATED)) {
    writeFileSync(file, render());
    tell(`wrote ${file}`);
  }
  return 0;
}
