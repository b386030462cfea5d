import type { PaperStatus } from '../model/paper.js';
import type { Correction, CorrectionKind } from '../model/issue.js';
import type { Database, Sql, Value } from './database.js';
import { marks } from './placeholders.js';
import { insertRevisions } from './revisions.js';
import type { StoredView } from './to-view.js';

export interface IssueRow {
  week: string;
  from: string;
  to: string;
  timeZone: string;
  issuedAt: number;
  complete: boolean;
  completeThrough: string | null;
  taxonomyVersion: string;
}

/** A paper as it stands (or as it was issued), with its state of today. */
export interface NewsPaper {
  view: StoredView;
  doi: string | null;
  pmcid: string | null;
  late: boolean;
  /** The week in whose issue it is. */
  issue: string | null;
}

export interface CorrectionRow extends Correction {
  id: number;
}

interface PaperRow {
  pmid: number;
  view: string;
  doi: string | null;
  pmcid: string | null;
  issue: string | null;
  late: number;
  retracted: number;
  concern: number;
  corrected: number;
  updated: number;
  preprint: number;
  gone: number;
}

const STATUS = ['retracted', 'concern', 'corrected', 'updated', 'preprint', 'gone'] as const;
const PAPER = `p."pmid", p."doi", p."pmcid", ${STATUS.map((state) => `p."${state}"`).join(', ')}`;

const toStatus = (row: Pick<PaperRow, (typeof STATUS)[number]>) =>
  Object.fromEntries(STATUS.map((state) => [state, row[state] === 1])) as unknown as PaperStatus;

/** Everything that was issued stays as it was but for the paper's status, which is of today. */
function toNews(row: PaperRow): NewsPaper {
  const view = JSON.parse(row.view) as StoredView;
  const status = toStatus(row);
  return {
    view: { ...view, status, late: row.late === 1 },
    doi: row.doi,
    pmcid: row.pmcid,
    late: row.late === 1,
    issue: row.issue,
  };
}

const ISSUE = `"week", "from_day" AS "from", "to_day" AS "to", "time_zone" AS "timeZone", "issued_at" AS "issuedAt", "complete",
  "complete_through" AS "completeThrough", "taxonomy_version" AS "taxonomyVersion"`;

/** Issued weeks, the papers in them, and the corrections that they report. */
export class IssuesStore {
  constructor(private readonly database: Database) {}

  async findIssue(week: string): Promise<(IssueRow & { digest: string }) | null> {
    const [row] = await this.database.all<Omit<IssueRow, 'complete'> & { complete: number; digest: string }>(
      `SELECT ${ISSUE}, "digest" FROM "issue" WHERE "week" = ?`,
      [week],
    );
    return row ? { ...row, complete: row.complete === 1 } : null;
  }

  /** Newest first. */
  async listIssues(limit: number, before?: string): Promise<(IssueRow & { digest: string })[]> {
    const rows = await this.database.all<Omit<IssueRow, 'complete'> & { complete: number; digest: string }>(
      `SELECT ${ISSUE}, "digest" FROM "issue" ${before === undefined ? '' : 'WHERE "week" < ?'} ORDER BY "week" DESC LIMIT ?`,
      before === undefined ? [limit] : [before, limit],
    );
    return rows.map((row) => ({ ...row, complete: row.complete === 1 }));
  }

  async issuedWeeks(): Promise<Set<string>> {
    const rows = await this.database.all<{ week: string }>('SELECT "week" FROM "issue"');
    return new Set(rows.map((row) => row.week));
  }

  /** The day on which the oldest paper was added; null = there are none. */
  async oldestDay(): Promise<string | null> {
    const [row] = await this.database.all<{ day: string | null }>(
      'SELECT min("added") AS "day" FROM "paper" WHERE "gone" = 0',
    );
    return row?.day ?? null;
  }

  async lastIssue(): Promise<IssueRow | null> {
    return (await this.listIssues(1))[0] ?? null;
  }

  /** The papers of an issued week, as issued, in their order. */
  async findMembers(week: string): Promise<NewsPaper[]> {
    const rows = await this.database.all<PaperRow>(
      `SELECT ${PAPER}, i."view", i."week" AS "issue", i."late" FROM "issue_paper" i JOIN "paper" p ON p."pmid" = i."pmid"
       WHERE i."week" = ? ORDER BY i."position", i."pmid"`,
      [week],
    );
    return rows.map(toNews);
  }

  /** What has become of the papers of an issue. */
  async findStatuses(week: string): Promise<Map<string, PaperStatus>> {
    const rows = await this.database.all<PaperRow>(
      `SELECT ${PAPER} FROM "issue_paper" i JOIN "paper" p ON p."pmid" = i."pmid" WHERE i."week" = ?`,
      [week],
    );
    return new Map(rows.map((row) => [String(row.pmid), toStatus(row)]));
  }

  /**
   * Papers added in a span of days, as they stand.
   * @param unissued true = only those that no issue has
   */
  async findAdded(from: string, to: string, unissued: boolean): Promise<NewsPaper[]> {
    const rows = await this.database.all<PaperRow>(
      `SELECT ${PAPER}, v."view", i."week" AS "issue", coalesce(i."late", p."late") AS "late"
       FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid" LEFT JOIN "issue_paper" i ON i."pmid" = p."pmid"
       WHERE p."added" >= ? AND p."added" <= ? AND p."gone" = 0 ${unissued ? 'AND i."pmid" IS NULL' : ''}
       ORDER BY p."added" DESC, p."pmid" DESC`,
      [from, to],
    );
    return rows.map(toNews);
  }

  /** These papers as they stand, with the week in whose issue they are. */
  async findByPmids(pmids: readonly string[]): Promise<Map<string, NewsPaper>> {
    const found = new Map<string, NewsPaper>();
    for (let at = 0; at < pmids.length; at += 500) {
      const part = pmids.slice(at, at + 500).map(Number);
      const rows = await this.database.all<PaperRow>(
        `SELECT ${PAPER}, v."view", i."week" AS "issue", coalesce(i."late", p."late") AS "late"
         FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid" LEFT JOIN "issue_paper" i ON i."pmid" = p."pmid"
         WHERE p."pmid" IN (${marks(part)})`,
        part,
      );
      for (const row of rows) found.set(String(row.pmid), toNews(row));
    }
    return found;
  }

  /** Of these papers, those that were in an issue before a week, with what they were. */
  async findTold(pmids: readonly string[], before: string): Promise<Map<string, { issue: string; preprint: boolean }>> {
    const told = new Map<string, { issue: string; preprint: boolean }>();
    for (let at = 0; at < pmids.length; at += 500) {
      const part = pmids.slice(at, at + 500).map(Number);
      const rows = await this.database.all<{ pmid: number; week: string; preprint: number }>(
        `SELECT i."pmid", i."week", p."preprint" FROM "issue_paper" i JOIN "paper" p ON p."pmid" = i."pmid"
         WHERE i."week" < ? AND i."pmid" IN (${marks(part)})`,
        [before, ...part],
      );
      for (const row of rows) told.set(String(row.pmid), { issue: row.week, preprint: row.preprint === 1 });
    }
    return told;
  }

  /**
   * Freezes a week: the issue, its papers, the corrections that it reports.
   * @returns false when another process has issued it meanwhile; nothing is changed then
   */
  async freeze(
    issue: IssueRow & { digest: string },
    papers: readonly { pmid: string; late: boolean; view: string }[],
    correctionIds: readonly number[],
  ): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const inserted = await sql.run(
        `INSERT INTO "issue" ("week", "from_day", "to_day", "time_zone", "issued_at", "complete", "complete_through", "taxonomy_version", "digest")
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT ("week") DO NOTHING`,
        [
          issue.week,
          issue.from,
          issue.to,
          issue.timeZone,
          issue.issuedAt,
          Number(issue.complete),
          issue.completeThrough,
          issue.taxonomyVersion,
          issue.digest,
        ],
      );
      if (inserted === 0) return false;
      await sql.insert(
        'issue_paper',
        ['pmid', 'week', 'position', 'late', 'view'],
        papers.map((paper, position) => [Number(paper.pmid), issue.week, position, Number(paper.late), paper.view]),
      );
      await this.inParts(correctionIds, (part) =>
        sql.run(`UPDATE "correction" SET "week" = ? WHERE "id" IN (${marks(part)})`, [issue.week, ...part]),
      );
      return true;
    });
  }

  /** Marks papers that came after their week was issued, wherever they are shown. @returns how many were not marked before */
  async markLate(from: string, to: string, at: number): Promise<number> {
    return this.database.transaction(async (sql) => {
      const rows = await sql.all<{ pmid: number; version: number; view: string }>(
        `SELECT p."pmid", p."version", v."view" FROM "paper" p JOIN "paper_view" v ON v."pmid" = p."pmid" LEFT JOIN "issue_paper" i ON i."pmid" = p."pmid"
         WHERE p."added" >= ? AND p."added" <= ? AND p."late" = 0 AND (i."pmid" IS NULL OR i."late" = 1)`,
        [from, to],
      );
      for (const row of rows) {
        const view = JSON.parse(row.view) as StoredView;
        await sql.run('UPDATE "paper" SET "late" = 1 WHERE "pmid" = ?', [row.pmid]);
        await sql.run('UPDATE "paper_view" SET "view" = ? WHERE "pmid" = ?', [
          JSON.stringify({ ...view, late: true }),
          row.pmid,
        ]);
      }
      await insertRevisions(
        sql,
        // mirrors learn of it as of everything that clients see
        rows.map(({ pmid, version }) => ({ pmid, at, source: 'sync', changed: ['late'], version, runId: null })),
      );
      return rows.length;
    });
  }

  /** Corrections that an issue reported, or (null) that the next one will. */
  async findCorrections(week: string | null): Promise<CorrectionRow[]> {
    return this.corrections(week === null ? 'c."week" IS NULL' : 'c."week" = ?', week === null ? [] : [week]);
  }

  async findCorrectionsById(ids: readonly number[]): Promise<CorrectionRow[]> {
    const found: CorrectionRow[] = [];
    for (let at = 0; at < ids.length; at += 500) {
      const part = ids.slice(at, at + 500);
      found.push(...(await this.corrections(`c."id" IN (${marks(part)})`, part)));
    }
    return found;
  }

  /** Corrections seen in a span of time. */
  async findCorrectionsSeen(from: number, to: number): Promise<CorrectionRow[]> {
    return this.corrections('c."seen_at" >= ? AND c."seen_at" < ?', [from, to]);
  }

  private async corrections(where: string, values: readonly Value[]): Promise<CorrectionRow[]> {
    const rows = await this.database.all<{
      id: number;
      kind: CorrectionKind;
      pmid: number;
      title: string;
      noticePmid: number;
      seenAt: number;
      issue: string | null;
    }>(
      `SELECT c."id", c."kind", c."pmid", c."title", c."notice_pmid" AS "noticePmid", c."seen_at" AS "seenAt", i."week" AS "issue"
       FROM "correction" c LEFT JOIN "issue_paper" i ON i."pmid" = c."pmid" WHERE ${where} ORDER BY c."id"`,
      values,
    );
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      pmid: String(row.pmid),
      title: row.title,
      noticePmid: row.noticePmid === 0 ? null : String(row.noticePmid),
      seenAt: new Date(row.seenAt).toISOString(),
      issue: row.issue,
    }));
  }

  /**
   * Changes of papers after a revision: those of their state, and the arrival of papers added on or after a day.
   * @returns oldest first, and the last revision that was looked at
   */
  async findChanges(
    afterRevision: number,
    newsFrom: string,
  ): Promise<{ changes: { pmid: string; at: number; changed: string[]; view: StoredView }[]; through: number }> {
    const [top] = await this.database.all<{ id: number | null }>('SELECT max("id") AS "id" FROM "revision"');
    const through = top?.id ?? 0;
    const rows = await this.database.all<{ pmid: number; at: number; changed: string; view: string }>(
      `SELECT r."pmid", r."at", r."changed", v."view" FROM "revision" r JOIN "paper" p ON p."pmid" = r."pmid" JOIN "paper_view" v ON v."pmid" = r."pmid"
       WHERE r."id" > ? AND r."id" <= ? AND (r."changed" LIKE '%"status.%' OR (r."changed" = '["created"]' AND p."added" >= ?)) ORDER BY r."id"`,
      [afterRevision, through, newsFrom],
    );
    return {
      through,
      changes: rows.map((row) => ({
        pmid: String(row.pmid),
        at: row.at,
        changed: JSON.parse(row.changed) as string[],
        view: JSON.parse(row.view) as StoredView,
      })),
    };
  }

  /** Titles of those of these papers that are kept here. */
  async findTitles(pmids: readonly string[]): Promise<Map<string, string>> {
    const titles = new Map<string, string>();
    for (let at = 0; at < pmids.length; at += 500) {
      const part = pmids.slice(at, at + 500).map(Number);
      const rows = await this.database.all<{ pmid: number; view: string }>(
        `SELECT "pmid", "view" FROM "paper_view" WHERE "pmid" IN (${marks(part)})`,
        part,
      );
      for (const row of rows) titles.set(String(row.pmid), (JSON.parse(row.view) as StoredView).title);
    }
    return titles;
  }

  /** Adds what is not known yet. A retraction, concern or loss counts once a paper, an erratum or update once a notice. */
  async addCorrections(
    sql: Sql,
    corrections: readonly {
      kind: CorrectionKind;
      pmid: string;
      title: string;
      noticePmid: string | null;
      seenAt: number;
    }[],
  ): Promise<number> {
    let added = 0;
    for (const { kind, pmid, title, noticePmid, seenAt } of corrections) {
      const once = kind === 'retraction' || kind === 'concern' || kind === 'gone';
      const known = await sql.all<{ id: number; notice: number }>(
        `SELECT "id", "notice_pmid" AS "notice" FROM "correction" WHERE "pmid" = ? AND "kind" = ?`,
        [Number(pmid), kind],
      );
      const notice = Number(noticePmid ?? 0);
      const same = known.find((row) => once || row.notice === notice || notice === 0);
      if (same) {
        if (same.notice === 0 && notice !== 0)
          await sql.run('UPDATE "correction" SET "notice_pmid" = ? WHERE "id" = ?', [notice, same.id]);
        continue;
      }
      added += await sql.run(
        `INSERT INTO "correction" ("pmid", "kind", "notice_pmid", "title", "seen_at", "week") VALUES (?, ?, ?, ?, ?, NULL)
         ON CONFLICT ("pmid", "kind", "notice_pmid") DO NOTHING`,
        [Number(pmid), kind, notice, title, seenAt],
      );
    }
    return added;
  }

  private async inParts<T>(values: readonly T[], write: (part: readonly T[]) => Promise<unknown>): Promise<void> {
    for (let at = 0; at < values.length; at += 500) await write(values.slice(at, at + 500));
  }
}
