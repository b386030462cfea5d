import { randomBytes } from 'node:crypto';
import type { Job, JobRun, Outcome, RunReason, RunStatus, RunWindow, Trigger } from '../model/job-run.js';
import type { Database, Sql } from './database.js';
import { Remembered } from './remembered.js';

/** How one PMID of a run ended. `code` and `detail` only for excluded, missing and failed. */
export interface Settlement {
  pmid: string;
  outcome: Outcome;
  code?: string;
  detail?: string;
}

export interface RunQuery {
  job?: Job;
  status?: RunStatus;
  limit: number;
  /** Id of the last run of the page before. */
  before?: string;
  /** Latest start, epoch ms. */
  startedBy?: number;
}

interface Row {
  id: string;
  job: Job;
  triggeredBy: Trigger;
  holder: string;
  startedAt: number;
  finishedAt: number | null;
  status: RunStatus;
  windows: string;
  counted: number;
  stored: number;
  updated: number;
  unchanged: number;
  excluded: number;
  missing: number;
  failed: number;
  requestsSent: number;
  requestsRetried: number;
  counts: string;
  errorCode: string | null;
  errorDetail: string | null;
}

const COLUMNS = `"id", "job", "triggered_by" AS "triggeredBy", "holder", "started_at" AS "startedAt", "finished_at" AS "finishedAt", "status", "windows",
  "counted", "stored", "updated", "unchanged", "excluded", "missing", "failed", "requests_sent" AS "requestsSent",
  "requests_retried" AS "requestsRetried", "counts", "error_code" AS "errorCode", "error_detail" AS "errorDetail"`;

/** Clocks of processes may differ by this; what began later than that was begun by a clock that had run ahead. */
const AHEAD_MS = 86_400_000;

/** PMIDs that a list of runs shows per reason; one run alone shows all. */
const PMIDS_IN_LISTS = 20;

/** Outcomes whose PMIDs are kept one by one; the others are in the papers and their revisions. */
const KEPT: readonly Outcome[] = ['excluded', 'missing', 'failed'];

const iso = (at: number) => new Date(at).toISOString();

/**
 * The ledger of runs. Every PMID that a run lists stands as `pending` until its outcome is written, in the same
 * transaction as the paper itself; so what a killed run leaves behind can be told apart to the record.
 */
export class RunsStore {
  private readonly completeSync: Remembered<number | null>;

  /** @param now by the caller's clock, so that runs of a clock that had run ahead are not the last ones for ever */
  constructor(
    private readonly database: Database,
    private readonly now: () => number = () => Number.MAX_SAFE_INTEGER - AHEAD_MS,
  ) {
    this.completeSync = new Remembered(database, () => this.readLastCompleteSyncAt());
  }

  /** Opens a run. @returns its id, which sorts by start */
  async start(job: Job, trigger: Trigger, holder: string, at: number): Promise<string> {
    const id = `${iso(at).replace(/[-:.Z]/g, '')}-${randomBytes(4).toString('hex')}`;
    await this.database.run(
      `INSERT INTO "job_run" ("id", "job", "triggered_by", "holder", "started_at", "status", "windows", "counted", "stored", "updated", "unchanged",
         "excluded", "missing", "failed", "requests_sent", "requests_retried", "counts")
       VALUES (?, ?, ?, ?, ?, 'running', '[]', 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}')`,
      [id, job, trigger, holder, at],
    );
    return id;
  }

  /** Writes down what a window listed: PMIDs not listed before in this run become pending. `windows` is the whole list so far. */
  async list(sql: Sql, id: string, windows: readonly RunWindow[], newPmids: readonly string[]): Promise<void> {
    await sql.insert(
      'run_record',
      ['run_id', 'pmid', 'outcome'],
      newPmids.map((pmid) => [id, Number(pmid), 'pending']),
    );
    await this.count(sql, id, windows, newPmids.length);
  }

  /** As `list`, for PMIDs that are settled in the same transaction. */
  async count(sql: Sql, id: string, windows: readonly RunWindow[], newPmids: number): Promise<void> {
    await sql.run(`UPDATE "job_run" SET "windows" = ?, "counted" = "counted" + ? WHERE "id" = ?`, [
      JSON.stringify(windows),
      newPmids,
      id,
    ]);
  }

  /** A PMID that was settled came again in the same run and ended better. */
  async amend(sql: Sql, id: string, pmid: string, from: Outcome, to: Outcome): Promise<void> {
    await sql.run('DELETE FROM "run_record" WHERE "run_id" = ? AND "pmid" = ?', [id, Number(pmid)]);
    await sql.run(`UPDATE "job_run" SET "${from}" = "${from}" - 1, "${to}" = "${to}" + 1 WHERE "id" = ?`, [id]);
  }

  /** Accounts for PMIDs that were pending. */
  async settle(sql: Sql, id: string, settlements: readonly Settlement[]): Promise<void> {
    if (settlements.length === 0) return;
    const kept = settlements.filter((s) => KEPT.includes(s.outcome));
    const done = settlements.filter((s) => !KEPT.includes(s.outcome));
    await sql.insert(
      'run_record',
      ['run_id', 'pmid', 'outcome', 'code', 'detail'],
      kept.map((s) => [id, Number(s.pmid), s.outcome, s.code ?? null, s.detail ?? null]),
      `ON CONFLICT ("run_id", "pmid") DO UPDATE SET "outcome" = excluded."outcome", "code" = excluded."code", "detail" = excluded."detail"`,
    );
    for (let at = 0; at < done.length; at += 500) {
      const part = done.slice(at, at + 500);
      await sql.run(`DELETE FROM "run_record" WHERE "run_id" = ? AND "pmid" IN (${part.map(() => '?').join(', ')})`, [
        id,
        ...part.map((s) => Number(s.pmid)),
      ]);
    }
    const count = (outcome: Outcome) => settlements.filter((s) => s.outcome === outcome).length;
    await sql.run(
      `UPDATE "job_run" SET "stored" = "stored" + ?, "updated" = "updated" + ?, "unchanged" = "unchanged" + ?, "excluded" = "excluded" + ?,
         "missing" = "missing" + ?, "failed" = "failed" + ? WHERE "id" = ?`,
      [count('stored'), count('updated'), count('unchanged'), count('excluded'), count('missing'), count('failed'), id],
    );
  }

  /** Figures of a job that does not account PMIDs, and the requests so far; whole values, not increments. */
  async note(
    id: string,
    figures: { counts?: Record<string, number>; requests?: { sent: number; retried: number } },
    sql: Sql = this.database,
  ): Promise<void> {
    if (figures.counts)
      await sql.run('UPDATE "job_run" SET "counts" = ? WHERE "id" = ?', [JSON.stringify(figures.counts), id]);
    if (figures.requests)
      await sql.run('UPDATE "job_run" SET "requests_sent" = ?, "requests_retried" = ? WHERE "id" = ?', [
        figures.requests.sent,
        figures.requests.retried,
        id,
      ]);
  }

  /** Ends a run. What is still pending becomes `failed` with the given reason, so that the sum always holds. */
  async finish(
    id: string,
    status: Exclude<RunStatus, 'running'>,
    at: number,
    error: { code: string; detail: string } | null,
    also?: (sql: Sql) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (sql) => {
      // a process that lost its claim finds its run ended by the one that took over
      const [run] = await sql.all<{ status: RunStatus }>('SELECT "status" FROM "job_run" WHERE "id" = ?', [id]);
      if (run?.status !== 'running') return;
      const left = await sql.run(
        `UPDATE "run_record" SET "outcome" = 'failed', "code" = ?, "detail" = ? WHERE "run_id" = ? AND "outcome" = 'pending'`,
        [error?.code ?? 'not-reached', error?.detail ?? 'The run ended before it came to these records', id],
      );
      await sql.run(
        `UPDATE "job_run" SET "status" = ?, "finished_at" = ?, "error_code" = ?, "error_detail" = ?, "failed" = "failed" + ? WHERE "id" = ?`,
        [status, at, error?.code ?? null, error?.detail ?? null, left, id],
      );
      await also?.(sql);
    });
  }

  /** Runs of these jobs that say `running` though nobody can be running them: their process ended in the middle. */
  async abandon(jobs: readonly Job[], at: number, startedBefore?: number): Promise<string[]> {
    const ids = await this.findRunning(jobs, startedBefore);
    for (const id of ids)
      await this.finish(id, 'failed', at, {
        code: 'abandoned',
        detail: 'The process that ran it ended in the middle; the next run takes up what was left',
      });
    return ids;
  }

  /** Ids of the runs of these jobs that say `running`. */
  async findRunning(jobs: readonly Job[], startedBefore = Number.MAX_SAFE_INTEGER): Promise<string[]> {
    const rows = await this.database.all<{ id: string }>(
      `SELECT "id" FROM "job_run" WHERE "status" = 'running' AND "started_at" < ? AND "job" IN (${jobs.map(() => '?').join(', ')})`,
      [startedBefore, ...jobs],
    );
    return rows.map((row) => row.id);
  }

  /** Newest first. */
  async find(query: RunQuery): Promise<{ runs: JobRun[]; next: string | null }> {
    const where = ['1 = 1'];
    const values: (string | number)[] = [];
    const add = (condition: string, value: string | number) => {
      where.push(condition);
      values.push(value);
    };
    if (query.job) add('"job" = ?', query.job);
    if (query.status) add('"status" = ?', query.status);
    if (query.before) add('"id" < ?', query.before);
    if (query.startedBy !== undefined) add('"started_at" <= ?', query.startedBy);
    const rows = await this.database.all<Row>(
      `SELECT ${COLUMNS} FROM "job_run" WHERE ${where.join(' AND ')} ORDER BY "id" DESC LIMIT ?`,
      [...values, query.limit + 1],
    );
    const page = rows.slice(0, query.limit);
    const runs = await Promise.all(page.map(async (row) => toRun(row, await this.reasons(row, PMIDS_IN_LISTS))));
    return { runs, next: rows.length > query.limit ? (page[page.length - 1]?.id ?? null) : null };
  }

  /** One run with whole PMID lists. */
  async get(id: string): Promise<JobRun | null> {
    const [row] = await this.database.all<Row>(`SELECT ${COLUMNS} FROM "job_run" WHERE "id" = ?`, [id]);
    return row ? toRun(row, await this.reasons(row, null)) : null;
  }

  /** The last run of a job that ended with this status. */
  async last(job: Job, status?: RunStatus): Promise<JobRun | null> {
    const startedBy = this.now() + AHEAD_MS;
    const { runs } = await this.find({ job, ...(status ? { status } : {}), limit: 1, startedBy });
    return runs[0] ?? null;
  }

  /** End of the last complete sync, the `asOf` of every answer; null before the first. */
  lastCompleteSyncAt(): Promise<number | null> {
    return this.completeSync.get();
  }

  private async readLastCompleteSyncAt(): Promise<number | null> {
    const [row] = await this.database.all<{ at: number }>(
      `SELECT "finished_at" AS "at" FROM "job_run" WHERE "job" = 'sync' AND "status" = 'complete' AND "started_at" <= ? ORDER BY "id" DESC LIMIT 1`,
      [this.now() + AHEAD_MS],
    );
    return row?.at ?? null;
  }

  /** How many runs of each job ended how. */
  async counts(): Promise<{ job: Job; status: RunStatus; count: number }[]> {
    return this.database.all('SELECT "job", "status", count(*) AS "count" FROM "job_run" GROUP BY "job", "status"');
  }

  private async reasons(row: Row, limit: number | null): Promise<RunReason[]> {
    if (row.excluded + row.missing + row.failed === 0) return [];
    const groups = await this.database.all<{
      outcome: RunReason['outcome'];
      code: string | null;
      detail: string | null;
      count: number;
    }>(
      `SELECT "outcome", "code", min("detail") AS "detail", count(*) AS "count" FROM "run_record" WHERE "run_id" = ? AND "outcome" <> 'pending' GROUP BY "outcome", "code" ORDER BY "outcome", "code"`,
      [row.id],
    );
    const reasons: RunReason[] = [];
    for (const group of groups) {
      const pmids = await this.database.all<{ pmid: number }>(
        `SELECT "pmid" FROM "run_record" WHERE "run_id" = ? AND "outcome" = ? AND coalesce("code", '') = ? ORDER BY "pmid"${limit === null ? '' : ` LIMIT ${limit}`}`,
        [row.id, group.outcome, group.code ?? ''],
      );
      reasons.push({
        outcome: group.outcome,
        code: group.code ?? '',
        detail: group.detail ?? '',
        count: group.count,
        pmids: pmids.map((p) => String(p.pmid)),
      });
    }
    return reasons;
  }
}

const toRun = (row: Row, reasons: RunReason[]): JobRun => ({
  id: row.id,
  job: row.job,
  trigger: row.triggeredBy,
  startedAt: iso(row.startedAt),
  finishedAt: row.finishedAt === null ? null : iso(row.finishedAt),
  status: row.status,
  windows: JSON.parse(row.windows) as RunWindow[],
  counted: row.counted,
  stored: row.stored,
  updated: row.updated,
  unchanged: row.unchanged,
  excluded: row.excluded,
  missing: row.missing,
  failed: row.failed,
  reasons,
  requests: { sent: row.requestsSent, retried: row.requestsRetried },
  counts: JSON.parse(row.counts) as Record<string, number>,
  error: row.errorCode === null ? null : { code: row.errorCode, detail: row.errorDetail ?? '' },
});
