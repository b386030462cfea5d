import type { Needle } from './needles.js';

/** Between the parts of a word lie at most so many bytes of signs, references and tags. */
const FURTHEST = 80;

/** Pairs of letters of which texts are full: a needle is better looked for by others of its own. */
const COMMON = new Set(
  (
    'th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve ra ' +
    'ro ic io ne ce co ma me di ec us pa ta li om ct ca el ri la tr nc pe po ns fo'
  ).split(' '),
);

/** A needle by one of its pairs of bytes, which stands `offset` bytes behind its beginning. */
interface Candidate {
  needle: Needle;
  offset: number;
}

/**
 * Looks for many needles at once in bytes, without regard to the case of ASCII letters. Three bytes in a row hold a
 * pair that begins at an even place: so only every second place is looked at, by a table of the pairs that any needle
 * is known by. It goes through a gigabyte in about a second, which decoding and a regular expression do not.
 */
export class ByteScanner {
  private readonly stride: number;
  /** Number of a pair among those by which needles are known; 0 = none. */
  private readonly known = new Uint16Array(65_536);
  /** By the number of a pair: its needles, and for each byte whether it may stand behind the pair in one of them. */
  private readonly candidates: Candidate[][] = [[]];
  private readonly follows: Uint8Array;

  /** @param needles each of two bytes at least */
  constructor(needles: readonly Needle[]) {
    this.stride = needles.every(({ run }) => run.length > 2) ? 2 : 1;
    for (const needle of needles) {
      const begin = this.rarest(needle.run);
      for (let offset = begin; offset < begin + this.stride; offset++)
        for (const pair of pairs(needle.run[offset]!, needle.run[offset + 1]!)) {
          this.known[pair] ||= this.candidates.push([]) - 1;
          this.candidates[this.known[pair]]!.push({ needle, offset });
        }
    }
    this.follows = new Uint8Array(256 * this.candidates.length);
    for (const [number, list] of this.candidates.entries())
      for (const { needle, offset } of list) {
        const next = needle.run[offset + 2];
        if (next === undefined) this.follows.fill(1, 256 * number, 256 * (number + 1));
        else for (const byte of forms(next)) this.follows[256 * number + byte] = 1;
      }
  }

  /** Whether any needle stands in `bytes` from `from` to before `to`. */
  isIn(bytes: Uint8Array, from: number, to: number): boolean {
    const { known, follows, stride } = this;
    const last = to - 1;
    for (let at = from; at < last; at += stride) {
      const number = known[(bytes[at]! << 8) | bytes[at + 1]!]!;
      // most pairs stand for nothing: the byte behind them tells at a fraction of the cost of looking around
      if (number === 0 || follows[256 * number + (bytes[at + 2] ?? 0)] === 0) continue;
      if (this.standsAround(number, bytes, at, from, to)) return true;
    }
    return false;
  }

  private standsAround(number: number, bytes: Uint8Array, at: number, from: number, to: number): boolean {
    for (const { needle, offset } of this.candidates[number]!)
      if (at - offset >= from && standsAt(needle, bytes, at - offset, from, to)) return true;
    return false;
  }

  /** Where in a run the pairs stand by which it is looked for. */
  private rarest(run: Uint8Array): number {
    const commonness = (begin: number) =>
      Array.from({ length: this.stride }, (_, more) =>
        COMMON.has(String.fromCharCode(run[begin + more]!, run[begin + more + 1]!)) ? 1 : 0,
      ).reduce<number>((sum, one) => sum + one, 0);
    const begins = Array.from({ length: run.length - this.stride }, (_, begin) => begin);
    return begins.reduce((best, begin) => (commonness(begin) < commonness(best) ? begin : best), 0);
  }
}

const [TAG_OPEN, TAG_END, AND, SEMICOLON, HASH] = [60, 62, 38, 59, 35];

const isLetter = (byte: number) => byte >= 97 && byte <= 122;
const lower = (byte: number) => (byte >= 65 && byte <= 90 ? byte | 32 : byte);
const isWordByte = (byte: number) => (byte >= 48 && byte <= 57) || isLetter(byte | 32);

/** A lower-case byte in either case. */
const forms = (byte: number) => (isLetter(byte) ? [byte, byte ^ 32] : [byte]);

/** Every pair that two lower-case bytes stand for. */
function pairs(first: number, second: number): number[] {
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
