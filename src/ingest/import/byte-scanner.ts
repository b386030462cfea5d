import type { Needle } from './needles.js';

/** Between the parts of a word lie at most so many bytes of signs, references and tags. */
const FURTHEST = 80;

/**
 * Looks for many needles at once in bytes, without regard to the case of ASCII letters (Wu and Manber's algorithm: a
 * table of byte pairs says how far the next needle can begin, so most bytes are never looked at). It goes through a
 * gigabyte in about a second, which decoding and a regular expression do not.
 */
export class ByteScanner {
  private readonly shortest: number;
  /** By the last two bytes of the first `shortest` of a needle: how far to move on; 0 = a needle may stand here. */
  private readonly shifts = new Uint8Array(65_536);
  private readonly candidates = new Map<number, Needle[]>();

  constructor(needles: readonly Needle[]) {
    const usable = needles.filter((needle) => needle.run.length > 1);
    if (usable.length < needles.length || needles.length === 0)
      throw new Error('A word of a single letter cannot be looked for in bytes.');
    this.shortest = Math.min(255, ...usable.map((needle) => needle.run.length));
    this.shifts.fill(this.shortest - 1);
    for (const needle of usable)
      for (let at = 1; at < this.shortest; at++)
        for (const pair of pairs(needle.run[at - 1]!, needle.run[at]!)) {
          const shift = this.shortest - 1 - at;
          this.shifts[pair] = Math.min(this.shifts[pair]!, shift);
          if (shift === 0) this.candidates.set(pair, [...(this.candidates.get(pair) ?? []), needle]);
        }
  }

  /** Whether any needle stands in `bytes` from `from` to before `to`. */
  isIn(bytes: Uint8Array, from: number, to: number): boolean {
    const { shifts, shortest } = this;
    let at = from + shortest - 1;
    while (at < to) {
      const pair = (bytes[at - 1]! << 8) | bytes[at]!;
      const shift = shifts[pair]!;
      if (shift > 0) {
        at += shift;
        continue;
      }
      for (const needle of this.candidates.get(pair) ?? [])
        if (standsAt(needle, bytes, at - shortest + 1, from, to)) return true;
      at++;
    }
    return false;
  }
}

const [TAG_OPEN, TAG_END, AND, SEMICOLON, HASH] = [60, 62, 38, 59, 35];

const isLetter = (byte: number) => byte >= 97 && byte <= 122;
const lower = (byte: number) => (byte >= 65 && byte <= 90 ? byte | 32 : byte);
const isWordByte = (byte: number) => (byte >= 48 && byte <= 57) || isLetter(byte | 32);

/** Every pair that two lower-case bytes stand for. */
function pairs(first: number, second: number): number[] {
  const forms = (byte: number) => (isLetter(byte) ? [byte, byte ^ 32] : [byte]);
  return forms(first).flatMap((a) => forms(second).map((b) => (a << 8) | b));
}

function standsAt({ run, before, after }: Needle, bytes: Uint8Array, at: number, from: number, to: number): boolean {
  if (!isRun(run, bytes, at, to)) return false;
  if (before) {
    const least = Math.max(from, at - FURTHEST);
    if (!endsWith(before, bytes, skipBack(bytes, at - 1, least), least)) return false;
  }
  const most = Math.min(to, at + run.length + FURTHEST);
  return !after || beginsWith(after, bytes, skipOn(bytes, at + run.length, most), most);
}

/** Whether `run` ends at `end`, tags inside of it left out: `6<i>R</i>`. */
function endsWith(run: Uint8Array, bytes: Uint8Array, end: number, least: number): boolean {
  let at = end;
  for (let i = run.length - 1; i >= 0; i--, at--) {
    while (at >= least && bytes[at] === TAG_END) at = openerBefore(bytes, at, least) - 1;
    if (at < least || lower(bytes[at]!) !== run[i]) return false;
  }
  return true;
}

/** Whether `run` begins at `begin`, tags inside of it left out. */
function beginsWith(run: Uint8Array, bytes: Uint8Array, begin: number, most: number): boolean {
  let at = begin;
  for (let i = 0; i < run.length; i++, at++) {
    while (at < most && bytes[at] === TAG_OPEN) at = closerBehind(bytes, at, most) + 1;
    if (at >= most || lower(bytes[at]!) !== run[i]) return false;
  }
  return true;
}

function isRun(run: Uint8Array, bytes: Uint8Array, at: number, to: number): boolean {
  if (at + run.length > to) return false;
  for (let i = 0; i < run.length; i++) if (lower(bytes[at + i]!) !== run[i]) return false;
  return true;
}

/** Where the tag that ends at `from` begins; before `least` when that sign is a text's own. */
function openerBefore(bytes: Uint8Array, from: number, least: number): number {
  let at = from - 1;
  while (at >= least && bytes[at] !== TAG_OPEN) at = bytes[at] === TAG_END ? least - 1 : at - 1;
  return at;
}

function closerBehind(bytes: Uint8Array, from: number, most: number): number {
  let at = from;
  while (at < most && bytes[at] !== TAG_END) at++;
  return at;
}

const isReferenceByte = (byte: number) => isWordByte(byte) || byte === HASH;

/** Back over what is neither letter nor digit, and over whole tags and references. @returns the last byte of what stands before */
function skipBack(bytes: Uint8Array, from: number, least: number): number {
  for (let at = from; at >= least; at--) {
    const byte = bytes[at]!;
    if (byte === TAG_END) {
      const open = openerBefore(bytes, at, least);
      if (open >= least) at = open;
    } else if (byte === SEMICOLON) {
      let and = at - 1;
      while (and >= least && isReferenceByte(bytes[and]!)) and--;
      // a semicolon of the text itself ends no reference
      if (and >= least && bytes[and] === AND) at = and;
    } else if (isWordByte(byte)) return at;
  }
  return least - 1;
}

/** The same, onwards. @returns the first byte of what stands behind */
function skipOn(bytes: Uint8Array, from: number, most: number): number {
  for (let at = from; at < most; at++) {
    const byte = bytes[at]!;
    if (byte === TAG_OPEN) at = Math.min(closerBehind(bytes, at, most), most - 1);
    else if (byte === AND) {
      let end = at + 1;
      while (end < most && isReferenceByte(bytes[end]!)) end++;
      if (end < most && bytes[end] === SEMICOLON) at = end;
    } else if (isWordByte(byte)) return at;
  }
  return most;
}
