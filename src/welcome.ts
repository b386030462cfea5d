import type { Settings } from './config/settings.js';

export interface Situation {
  /** Where the server listens. */
  url: string;
  settings: Pick<Settings, 'DATABASE_URL' | 'SMTP_URL' | 'MAIL_DIR' | 'JOBS' | 'SYNC_CRON'>;
  /** The drug, in running text. */
  noun: string;
  papers: number;
  /** End of the last complete sync, epoch ms. */
  completeAt: number | null;
}

/** What a server says when it begins: one line each, for whoever started it. */
export function welcome({ url, settings, noun, papers, completeAt }: Situation): string[] {
  const syncs = settings.JOBS === 'on' && settings.SYNC_CRON !== null;
  return [
    `listening on ${url} (open it in a browser; Ctrl+C stops the program)`,
    `everything is kept in ${storePlace(settings.DATABASE_URL)}`,
    completeAt !== null
      ? `${papers} papers, complete as of ${new Date(completeAt).toISOString()}`
      : !syncs
        ? `${papers} papers; this process fetches none itself (JOBS or SYNC_CRON is off)`
        : papers === 0
          ? `first back-fill: PubMed is asked for every paper on ${noun}, newest first. This month is there within a minute, the whole literature within some minutes; ${url}/ shows how far it is`
          : `the back-fill goes on where it was: ${papers} papers so far`,
    `digests by mail: ${url}/subscribe${settings.SMTP_URL === null ? ` (mails become files in ${settings.MAIL_DIR} until SMTP_URL is set)` : ''}`,
  ];
}

/** Of a PostgreSQL address only the server and the database, never who logs in. */
function storePlace(databaseUrl: string): string {
  if (databaseUrl.startsWith('sqlite:')) return databaseUrl.slice('sqlite:'.length);
  const { host, pathname } = new URL(databaseUrl);
  return `PostgreSQL at ${host}${pathname}`;
}
