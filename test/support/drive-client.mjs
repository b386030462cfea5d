// Generates a typed client from an API description, compiles a program that uses it, and runs that against a server.
// node test/support/drive-client.mjs DESCRIPTION-FILE SERVER-URL FOLDER
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const [, , description, server, folder] = process.argv;

const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';

export async function run(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  const list = await client.GET('/api/v1/papers', { params: { query: { condition: ['ptsd', 'ocd'], limit: 5, sort: 'published' } } });
  if (!list.data) throw new Error(list.error.detail);
  const [first] = list.data.data;
  if (!first) throw new Error('no papers');
  const next = await client.GET('/api/v1/papers', { params: { query: { condition: ['ptsd', 'ocd'], limit: 5, sort: 'published', cursor: list.data.page.next ?? '' } } });
  const one = await client.GET('/api/v1/papers/{pmid}', { params: { path: { pmid: first.pmid } } });
  const wrong = await client.GET('/api/v1/papers', { params: { query: { condition: ['pstd'] } } });
  const runs = await client.GET('/api/v1/runs', { params: { query: { job: 'sync' } } });
  const file = await client.GET('/api/v1/export', { params: { query: { format: 'ris', pmid: [first.pmid] } }, parseAs: 'text' });
  return {
    listed: list.data.data.length,
    total: list.data.page.total,
    pages: [list.data.data, next.data?.data ?? []].map((papers) => papers.map((paper) => paper.pmid)),
    study: one.data?.data.tags.study ?? null,
    spans: one.data?.data.evidence.length ?? -1,
    refusal: wrong.error ? { code: wrong.error.code, allowed: wrong.error.errors?.[0]?.allowed?.length ?? 0 } : null,
    runs: runs.data?.data.length ?? -1,
    file: String(file.data).slice(0, 9),
  };
}
`;
// a client that misuses the API must not compile
const MISUSE = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';
const client = createClient<paths>({ baseUrl: '' });
void client.GET('/api/v1/papers', { params: { query: { colour: 'blue' } } });
void client.GET('/api/v1/export', { params: { query: { format: 'xls' } } });
void client.GET('/api/v1/nowhere');
`;

const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  noEmitOnError: false,
  types: [],
};

function compile(name, text) {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, text);
  const program = ts.createProgram([file], options);
  const errors = ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'));
  program.emit();
  return errors;
}

writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
writeFileSync(join(folder, 'schema.ts'), astToString(await openapiTS(pathToFileURL(description))));
const errors = compile('client', PROGRAM);
const misuse = compile('misuse', MISUSE);
const { run } = await import(pathToFileURL(join(folder, 'client.js')).href);
process.stdout.write(JSON.stringify({ errors, misuse: misuse.length, answers: await run(server) }));
