/**
 * Keeps what was made for the present state of the library, and makes it anew when that has changed: counting and
 * drawing cost more than all the rest of a page. Who asks while it is being made waits for the same.
 */
export class KeptByVersion<T> {
  private version = '';
  private readonly made = new Map<string, Promise<T>>();

  /** @param key one of a few: all are kept */
  get(version: string, key: string, make: () => Promise<T>): Promise<T> {
    if (version !== this.version) {
      this.made.clear();
      this.version = version;
    }
    const known = this.made.get(key);
    if (known) return known;
    const making = make();
    this.made.set(key, making);
    // a failure is not kept
    making.catch(() => this.made.get(key) === making && this.made.delete(key));
    return making;
  }
}
