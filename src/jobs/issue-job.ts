import type { Clock } from '../clock.js';
import type { IssueOutcome, IssueService } from '../digest/issue.service.js';
import type { Log } from '../log.js';
import type { Trigger } from '../model/job-run.js';
import type { RunsStore } from '../store/runs.store.js';
import { AppError } from '../problem.js';

export interface IssueRequest {
  trigger: Trigger;
  holder: string;
  /** Given: issue this week now (null = the last that has ended). Absent: issue what is due and ready. */
  week?: string | null;
}

/** Issues weeks, with a line in the ledger for each time that something was issued or went wrong. */
export class IssueJob {
  constructor(
    private readonly issuing: IssueService,
    private readonly runs: RunsStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** @throws AppError `usage` when the asked week cannot be issued */
  async run(request: IssueRequest): Promise<IssueOutcome> {
    const startedAt = this.clock.now();
    try {
      const outcome = await (request.week === undefined
        ? this.issuing.issueDue()
        : this.issuing.issueNow(request.week));
      if (outcome.issued.length > 0) await this.record(request, startedAt, outcome);
      return outcome;
    } catch (error) {
      // a week that somebody cannot have is no failure of the job
      if (!(error instanceof AppError && error.code === 'usage')) await this.recordFailure(request, startedAt, error);
      throw error;
    }
  }

  private async record(request: IssueRequest, startedAt: number, { issued }: IssueOutcome): Promise<void> {
    const sum = (figure: 'papers' | 'late' | 'corrections') => issued.reduce((total, week) => total + week[figure], 0);
    const id = await this.runs.start('issue', request.trigger, request.holder, startedAt);
    await this.runs.note(id, {
      counts: { issues: issued.length, papers: sum('papers'), late: sum('late'), corrections: sum('corrections') },
    });
    await this.runs.finish(
      id,
      issued.every((week) => week.complete) ? 'complete' : 'incomplete',
      this.clock.now(),
      null,
    );
    for (const { week, complete, papers } of issued) this.log.info('issued', { week, complete, papers });
  }

  private async recordFailure(request: IssueRequest, startedAt: number, error: unknown): Promise<void> {
    const id = await this.runs.start('issue', request.trigger, request.holder, startedAt);
    const code = error instanceof AppError ? error.code : 'internal';
    const detail = error instanceof AppError ? error.message : 'The log has the details';
    await this.runs.finish(id, 'failed', this.clock.now(), { code, detail });
  }
}
