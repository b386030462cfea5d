/** Counts what each client does in a sliding window, in this process. Bounded: the clients longest unseen are forgotten. */
export class ClientLimit {
  private readonly seen = new Map<string, number[]>();

  constructor(
    private readonly most: number,
    private readonly windowMs: number,
    private readonly clients = 10_000,
  ) {}

  /** @returns ms to wait until the client may go on; 0 = it may now, and this counts */
  take(client: string, now: number): number {
    const key = clientKey(client);
    const recent = (this.seen.get(key) ?? []).filter((at) => at > now - this.windowMs && at <= now);
    const first = recent[0];
    if (recent.length >= this.most && first !== undefined) return first + this.windowMs - now;
    recent.push(now);
    // the map keeps insertion order: the one that is first has been away longest
    this.seen.delete(key);
    this.seen.set(key, recent);
    if (this.seen.size > this.clients) this.seen.delete(this.seen.keys().next().value as string);
    return 0;
  }
}

/** One household or server has a whole /64 of IPv6 addresses: they count as one client. */
export function clientKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups.slice(0, 4).join(':');
}
