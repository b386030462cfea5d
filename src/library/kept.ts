/**
 * Values kept by key, those that were used last, up to a size. Two halves: what is used moves to the young one, and
 * when that is full it becomes the old one, whose rest is forgotten. A hit in the young one changes nothing.
 */
export class Kept<K, V extends object> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();
  private size = 0;

  /** @param limit of the sizes of all values together */
  constructor(
    private readonly limit: number,
    private readonly sizeOf: (value: V) => number,
  ) {}

  get(key: K): V | undefined {
    const young = this.young.get(key);
    if (young !== undefined) return young;
    const old = this.old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.young.set(key, value);
    this.size += this.sizeOf(value);
    if (this.size <= this.limit / 2) return;
    this.old = this.young;
    this.young = new Map();
    this.size = 0;
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
    this.size = 0;
  }
}
