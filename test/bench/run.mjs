/**
 * `npm run bench [-- NAME…]`: figures of the built program, as ratios within one run wherever the machine would decide
 * otherwise. Each `NAME.bench.mjs` beside this file exports `title` and `run(bench)`; each runs in a process of its own,
 * so that one's memory is not another's. Ends with 1 when a figure misses its bound.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(here)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''))
  .sort();

const shown = (value) =>
  typeof value !== 'number'
    ? String(value)
    : Math.abs(value) >= 100
      ? Math.round(value).toLocaleString('en-GB')
      : String(Number(value.toPrecision(3)));

/** Runs one bench in this process. */
async function runOne(name) {
  const { title, run } = await import(pathToFileURL(join(here, `${name}.bench.mjs`)).href);
  console.log(`\n${title}`);
  const folder = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  let missed = 0;
  try {
    await run({
      /** A folder that is removed at the end. */
      temporary: folder,
      note: (text) => console.log(`  ${text}`),
      /** One figure, with the bound that it has to keep. */
      report: (label, value, unit = '', { atLeast, atMost } = {}) => {
        const misses = (atLeast !== undefined && !(value >= atLeast)) || (atMost !== undefined && !(value <= atMost));
        if (misses) missed += 1;
        const bound =
          atLeast !== undefined && atLeast === atMost
            ? `  (exactly ${shown(atLeast)})`
            : atLeast !== undefined
              ? `  (at least ${shown(atLeast)})`
              : atMost !== undefined
                ? `  (at most ${shown(atMost)})`
                : '';
        console.log(`  ${misses ? 'MISS' : bound ? ' ok ' : '    '} ${label}: ${shown(value)} ${unit}${bound}`);
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(missed > 0 ? 1 : 0);
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--one') await runOne(rest[0]);
else {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`No such bench: ${unknown.join(', ')}. There are: ${names.join(', ')}`);
    process.exit(2);
  }
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}`);
  let failed = 0;
  for (const name of wanted.length > 0 ? wanted : names) {
    const { status } = spawnSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), '--one', name], {
      stdio: 'inherit',
    });
    if (status !== 0) failed += 1;
  }
  process.exitCode = failed > 0 ? 1 : 0;
}
