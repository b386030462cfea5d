import 'reflect-metadata';
import { Command, CommanderError, Option } from 'commander';
import { explain, type ExitCode } from './cli/command.js';
import { withFilters } from './cli/filters.js';
import type { DigestShowOptions } from './cli/digest.js';
import type { EvalOptions } from './cli/eval.js';
import type { PapersListOptions } from './cli/papers.js';
import type { TagOptions } from './cli/tag.js';
import { VERSION } from './version.js';

/** The command line: each command loads only what it needs. Data to stdout, all else to stderr. */
function program(finish: (code: ExitCode) => void): Command {
  const cli = new Command('tracker')
    .version(VERSION)
    .description('Tracks the PubMed literature on a drug.')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)');
  const run =
    <A extends unknown[]>(work: (...args: A) => Promise<ExitCode> | ExitCode) =>
    async (...args: A) => {
      try {
        finish(await work(...args));
      } catch (error) {
        finish(explain(error));
      }
    };
  const format = (...formats: string[]) =>
    new Option('--format <format>', 'how to print').choices(formats).default(formats[0]);

  cli
    .command('sync')
    .description('fetch from PubMed what is new and changed, now')
    .option('--from <date>', 'only records added from this day on (YYYY-MM-DD)')
    .option('--to <date>', 'only records added up to this day')
    .option('--full', 'compare the whole query with the store, both ways (a sweep)')
    .option('--wait', 'wait while another process works with PubMed')
    .action(run(async (options: object) => (await import('./cli/sync.js')).syncCommand(options)));
  cli
    .command('import')
    .description('take in PubMed files (article sets, baseline and update files; .xml or .xml.gz)')
    .argument('<files...>', 'files, in the order in which PubMed made them')
    .option('--wait', 'wait while another process works with PubMed')
    .action(
      run(async (files: string[], options: object) => (await import('./cli/import.js')).importCommand(files, options)),
    );
  cli
    .command('tag')
    .description('tag the stored papers whose tags are not those of the taxonomy as it is now')
    .option('--all', 'also those that are')
    .option('--input <file>', 'tag the records of a file of JSON lines (- = standard input) instead and print them')
    .action(run(async (options: TagOptions) => (await import('./cli/tag.js')).tagCommand(options)));
  cli
    .command('eval <file>')
    .description('score the tagger against labelled records (JSON lines)')
    .addOption(format('text', 'json'))
    .option('--errors', 'also every tag that was missed or wrong')
    .action(
      run(async (file: string, options: EvalOptions) => (await import('./cli/eval.js')).evalCommand(file, options)),
    );
  cli
    .command('status')
    .description('how complete and how fresh the store is')
    .addOption(format('text', 'json'))
    .action(run(async (options: { format: string }) => (await import('./cli/store.js')).statusCommand(options)));
  cli
    .command('migrate')
    .description("bring the store to this program's schema")
    .action(run(async () => (await import('./cli/store.js')).migrateCommand()));
  cli
    .command('backup')
    .description('copy a SQLite store while it is in use')
    .argument('<file>', 'where to; must not exist')
    .action(run(async (file: string) => (await import('./cli/store.js')).backupCommand(file)));
  cli
    .command('config')
    .description('every setting, its value (secrets excepted) and where it came from')
    .action(run(async () => (await import('./cli/store.js')).configCommand()));

  const digest = cli.command('digest').description('what was new in a week');
  withFilters(
    digest
      .command('show')
      .description('the digest of a week under filters')
      .argument('[week]', 'like 2026-W47, latest or current', 'latest'),
  )
    .addOption(format('txt', 'md', 'html', 'json'))
    .action(
      run(async (week: string, words: string[], options: DigestShowOptions) =>
        (await import('./cli/digest.js')).digestShowCommand(week, words, options),
      ),
    );
  digest
    .command('issue [week]')
    .description('issue a week that has ended, and those before it that were not issued')
    .action(run(async (week?: string) => (await import('./cli/digest.js')).digestIssueCommand(week)));
  digest
    .command('send')
    .description('deliver what is due, now')
    .option('--dry-run', 'only say who would get what')
    .addOption(format('text', 'json'))
    .action(
      run(async (options: { dryRun?: boolean; format: string }) =>
        (await import('./cli/send.js')).sendCommand(options),
      ),
    );

  cli
    .command('demo')
    .description('the whole program on fictional records, without the internet')
    .action(run(async () => (await import('./cli/demo.js')).demoCommand()));

  cli
    .command('generate', { hidden: true })
    .description('write the files that are made from the code')
    .action(run(async () => (await import('./cli/generate.js')).generateCommand()));

  const papers = cli.command('papers').description('read the stored papers');
  withFilters(papers.command('list').description('papers under filters, newest first'), true)
    .option('--limit <n>', 'how many; 20 in a table unless said, all in other formats')
    .addOption(format('table', 'json', 'ndjson', 'csv', 'ris', 'bibtex', 'nbib', 'csl'))
    .action(
      run(async (words: string[], options: PapersListOptions) =>
        (await import('./cli/papers.js')).papersListCommand(words, options),
      ),
    );
  papers
    .command('show <pmid>')
    .description('one paper with everything known about it')
    .option('--explain', 'why it has its tags, and what was considered and rejected')
    .action(
      run(async (pmid: string, options: { explain?: boolean }) =>
        options.explain
          ? (await import('./cli/explain.js')).papersExplainCommand(pmid)
          : (await import('./cli/papers.js')).papersShowCommand(pmid),
      ),
    );
  return cli;
}

// a reader that has gone (`| head`) ends the command quietly
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

let exitCode: ExitCode = 0;
try {
  await program((code) => {
    exitCode = code;
  }).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  exitCode = error.exitCode === 0 ? 0 : 1;
}
process.exitCode = exitCode;
