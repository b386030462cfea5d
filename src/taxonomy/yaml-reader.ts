import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import type { ProblemItem } from '../problem.js';

/** A mapping of the file: its keys in order, with the node of each key and value. */
export interface Entry {
  key: string;
  at: Node | null;
  value: Node | null;
}

/**
 * Reads a YAML text node by node and collects every mistake with its line instead of stopping at the first:
 * whoever edits the file mends all of them in one go.
 */
export class YamlReader {
  readonly mistakes: ProblemItem[] = [];
  readonly root: Node | null;
  private readonly lines = new LineCounter();

  constructor(
    text: string,
    private readonly fileName: string,
  ) {
    const document = parseDocument(text, { lineCounter: this.lines, uniqueKeys: true, merge: false });
    for (const error of document.errors) {
      const { line } = this.lines.linePos(error.pos[0]);
      this.mistakes.push({
        pointer: `${fileName}:${line}`,
        message: (error.message.split('\n')[0] ?? '').replace(/:$/, ''),
      });
    }
    this.root = document.contents;
  }

  /** Notes a mistake at a node (line 1 when the node is missing). */
  note(node: Node | null, message: string, allowed?: readonly string[]): void {
    const offset = node?.range?.[0] ?? 0;
    const { line } = this.lines.linePos(offset);
    this.mistakes.push({ pointer: `${this.fileName}:${Math.max(line, 1)}`, message, ...(allowed ? { allowed } : {}) });
  }

  /** The entries of a mapping; anything else is a mistake. */
  entries(node: Node | null, what: string, parent: Node | null = node): Entry[] {
    if (!isMap(node)) {
      this.note(node ?? parent, `${what} must be a list of "name: value" lines`);
      return [];
    }
    const entries: Entry[] = [];
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : null;
      if (key === null) {
        this.note(node, `${what}: a name must be a plain word`);
        continue;
      }
      entries.push({ key, at: pair.key as Node, value: (pair.value ?? null) as Node | null });
    }
    return entries;
  }

  /** The entries of a mapping whose names are known; unknown and missing ones are mistakes. */
  record<K extends string>(
    node: Node | null,
    what: string,
    required: readonly K[],
    optional: readonly K[] = [],
    parent: Node | null = node,
  ): Partial<Record<K, Entry>> {
    const allowed: readonly string[] = [...required, ...optional];
    const found: Partial<Record<string, Entry>> = {};
    const entries = this.entries(node, what, parent);
    for (const entry of entries) {
      if (!allowed.includes(entry.key)) this.note(entry.at, `${what}: unknown name "${entry.key}"`, allowed);
      else found[entry.key] = entry;
    }
    if (isMap(node)) {
      for (const key of required) if (!found[key]) this.note(node, `${what}: "${key}" is missing`);
    }
    return found;
  }

  /** A text that is not empty. */
  text(entry: Entry | undefined, what: string): string {
    if (!entry) return '';
    if (isScalar(entry.value)) {
      const value = entry.value.value;
      if (typeof value === 'string' && value.trim() !== '') return value.trim();
      if (typeof value === 'number') return String(value);
    }
    this.note(entry.value ?? entry.at, `${what} must be a text`);
    return '';
  }

  flag(entry: Entry | undefined, what: string): boolean {
    if (!entry) return false;
    if (isScalar(entry.value) && typeof entry.value.value === 'boolean') return entry.value.value;
    this.note(entry.value ?? entry.at, `${what} must be true or false`, ['true', 'false']);
    return false;
  }

  /** A list of texts with the node of each; a missing entry is an empty list. */
  texts(entry: Entry | undefined, what: string): { text: string; at: Node }[] {
    if (!entry) return [];
    if (!isSeq(entry.value)) {
      this.note(entry.value ?? entry.at, `${what} must be a list`);
      return [];
    }
    const texts: { text: string; at: Node }[] = [];
    const seen = new Set<string>();
    for (const item of entry.value.items) {
      if (!isScalar(item) || typeof item.value !== 'string' || item.value.trim() === '') {
        this.note(item as Node, `${what}: each entry must be a text (put it in quotes)`);
        continue;
      }
      const text = item.value.trim();
      if (seen.has(text)) this.note(item, `${what}: "${text}" stands here twice`);
      seen.add(text);
      texts.push({ text, at: item });
    }
    return texts;
  }
}
