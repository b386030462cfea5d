export interface OwnPostgres {
  /** Its address, without a database. */
  url: string;
  stop: () => Promise<void>;
  start: () => Promise<void>;
  remove: () => Promise<void>;
}
export function startPostgres(): Promise<OwnPostgres>;
