interface Entry {
  method: string;
  url: string;
  pattern: RegExp;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** `/runs/:id` and `/assets/*` as a pattern over whole paths; a trailing slash does not matter. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split(/(:[A-Za-z_]\w*(?:\([^)]*\))?|\*)/)
      .map((part) => (part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : escaped(part)))
      .join('')
      .replace(/\/$/, '')}/?$`,
  );

/** Every registered route: tells "not here" from "here, but not with this method". */
export class RouteTable {
  private readonly entries: Entry[] = [];

  add(methods: string | readonly string[], url: string): void {
    for (const method of [methods].flat()) this.entries.push({ method, url, pattern: patternOf(url) });
  }

  /** Methods with which something answers at this path. */
  methodsAt(path: string): string[] {
    const found = new Set(this.entries.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method));
    return [...found].sort();
  }

  /** Method and registered path of every route. */
  all(): { method: string; url: string }[] {
    return this.entries.map(({ method, url }) => ({ method, url }));
  }
}
