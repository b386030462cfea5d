import type { Database } from './database.js';

/** Something read from the store, read again only when something has been committed since. */
export class Remembered<T> {
  private known: { state: number | string; value: T } | null = null;

  constructor(
    private readonly database: Pick<Database, 'state'>,
    private readonly read: () => Promise<T>,
  ) {}

  /** As it is after everything that was committed before this call. */
  async get(): Promise<T> {
    const state = await this.database.state();
    if (this.known?.state === state) return this.known.value;
    // what is read may be newer than the state that it is kept under: then it is only read once more
    const value = await this.read();
    this.known = { state, value };
    return value;
  }
}
