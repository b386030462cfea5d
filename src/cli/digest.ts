import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import type { Boot } from '../boot.js';
import { DigestService } from '../digest/digest.service.js';
import type { IssueOutcome } from '../digest/issue.service.js';
import { parsePeriod } from '../digest/week.js';
import { IssueJob } from '../jobs/issue-job.js';
import { holderName } from '../jobs/pubmed-claim.js';
import { parseFilter } from '../library/parse-filter.js';
import { describeFilter, renderFilter } from '../library/render-filter.js';
import { AppError } from '../problem.js';
import { readWeek, renderDigest, type DigestFormat } from '../publish/digest/show-digest.js';
import { RunsStore } from '../store/runs.store.js';
import { print, tell, withStore, type ExitCode } from './command.js';
import { readFilters } from './filters.js';

export interface DigestShowOptions {
  format: DigestFormat;
  [filter: string]: unknown;
}

/** The program without HTTP, closed again afterwards. */
async function withProgram<T>(
  boot: Boot,
  work: (get: <S>(type: abstract new (...args: never[]) => S) => S) => Promise<T>,
): Promise<T> {
  const app = await NestFactory.createApplicationContext(AppModule.of(boot, { serve: false }), {
    logger: ['error', 'warn'],
  });
  try {
    return await work((type) => app.get(type));
  } finally {
    await app.close();
  }
}

/** `digest show [WEEK] [filters]`: what the page, the API and the mail of that week say. */
export const digestShowCommand = (
  week: string | undefined,
  words: readonly string[],
  options: DigestShowOptions,
): Promise<ExitCode> =>
  withStore((boot) =>
    withProgram(boot, async (get): Promise<ExitCode> => {
      // `digest show condition=ptsd` leaves the week out
      const isFilter = week?.includes('=') ?? false;
      const reference = readWeek(isFilter || week === undefined ? 'latest' : week).week;
      const filter = parseFilter(readFilters(isFilter && week ? [week, ...words] : words, options), boot.taxonomy);
      const digests = get(DigestService);
      const period = await digests.resolveWeek(reference);
      const digest = await digests.read(period, renderFilter(filter));
      if (options.format === 'json') {
        print(JSON.stringify(digest, null, 2));
        return 0;
      }
      const asOf = await new RunsStore(boot.database, () => boot.clock.now()).lastCompleteSyncAt();
      print(
        renderDigest(options.format, digest, {
          taxonomy: boot.taxonomy,
          filters: describeFilter(filter, boot.taxonomy),
          asOf: asOf === null ? null : new Date(asOf).toISOString(),
          pageUrl: null,
          site: null,
        }).trimEnd(),
      );
      return 0;
    }),
  );

/** `digest issue [WEEK]`: issues a week now, and those before it that were not. Exit 2 when one of them is not complete. */
export const digestIssueCommand = (week: string | undefined): Promise<ExitCode> =>
  withStore((boot) =>
    withProgram(boot, async (get): Promise<ExitCode> => {
      if (week !== undefined && !(/^\d{4}-W\d{2}$/.test(week) && parsePeriod(week, boot.settings.TIMEZONE)))
        throw new AppError('usage', 'A week is written like 2026-W47');
      const outcome = await get(IssueJob).run({
        trigger: 'command',
        holder: holderName('`digest issue`'),
        week: week ?? null,
      });
      for (const line of describeOutcome(outcome)) print(line);
      if (outcome.issued.length === 0) tell('Nothing was issued: another process was quicker.');
      return outcome.issued.every((issued) => issued.complete) ? 0 : 2;
    }),
  );

const describeOutcome = ({ issued }: IssueOutcome): string[] =>
  issued.map(
    ({ week, complete, papers, late, corrections }) =>
      `${week}  ${papers} papers, ${late} late, ${corrections} corrections${complete ? '' : '  INCOMPLETE: no complete sync reaches past its last day'}`,
  );
