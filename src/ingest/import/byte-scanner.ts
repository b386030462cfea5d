import type { Needle } from './needles.js';

/** Between the parts of a word lie at most so many bytes of signs, references and tags. */
const FURTHEST = 80;

/**
 * Pairs of which PubMed's XML is full, the names of its tags included, whatever the case; above one in a thousand.
 * A needle is better looked for by others of its own.
 */
const COMMON = new Set(
  (
    'me in or ti na on li al at am re es io st ic er en th nt to he it ia an te ni is rn ng ea ed de fo yn di fi ri co ' +
    'ar sc id la rt ma as le 00 ne ca ta tr ho ce jo ad ra ou ut cr sh op il ur ec ct mi pt et hh of au cy ip pi ff ui ' +
    'ie si ch ro ub ls se af da ns om pe ty nc el su ci ve aj ol nd tn un ss qu ac if ua mo ge ry so nf bs d0 um va 01 ' +
    'em yp lo ab rs pr ts pu dl fs be pa ef gi ag cl'
  ).split(' '),
);

/** Four bytes in memory, as one number, without the bits that tell `a` from `A`. */
const FOLD = 0x5f5f5f5f;
const foldOf = (byte: number) => byte & 0x5f;
/** The bit of those patterns of which a half may be anything; the other patterns share the other bits. */
const OPEN = { first: 1 << 15, second: 1 << 14 };
const CLOSED = 14;

/** Four bytes, and the number that they are. */
const word = new Uint8Array(4);
const asNumber = new Int32Array(word.buffer);
/** How the bytes of a number lie in memory, the lowest first. */
const ORDER = new Uint8Array(new Int32Array([0x03020100]).buffer);

/**
 * A needle by the four bytes from `offset` of it on; bytes before its beginning or behind its end may be any. A number
 * is such four bytes when it is `value` under `mask`.
 */
interface Pattern {
  needle: Needle;
  offset: number;
  mask: number;
  value: number;
}

/**
 * Looks for many needles at once in bytes, without regard to the case of ASCII letters. Memory is read as numbers of
 * four bytes: wherever a needle stands, it fills or touches one of four that is told beforehand. Two tables, one for
 * each half of the number, hold a bit for the patterns that the half fits; few numbers of a text have one in both, and
 * only there the bytes are compared. It goes through more than a gigabyte in a second, which decoding and a regular
 * expression do not.
 */
export class ByteScanner {
  /** By the lower and the upper half of a folded number: the groups of patterns that it fits, a bit each. */
  private readonly low = new Uint16Array((FOLD & 0xffff) + 1);
  private readonly high = new Uint16Array((FOLD & 0xffff) + 1);
  private readonly patterns: Pattern[][] = Array.from({ length: 16 }, () => []);

  /** @param needles each of two bytes at least */
  constructor(needles: readonly Needle[]) {
    const bits = new Map<string, number>();
    for (const needle of needles)
      for (const offset of offsetsOf(needle.run)) {
        const bytes = [...ORDER].map((place) => foldedAt(needle.run, offset + place));
        const [lower, upper] = [bytes.slice(0, 2), bytes.slice(2)];
        // those with the same half have the same bit: it then stands for fewer other ones
        const half = lower.join();
        if (!bits.has(half)) bits.set(half, 1 << (bits.size % CLOSED));
        const bit = isOpen(lower) ? OPEN.first : isOpen(upper) ? OPEN.second : bits.get(half)!;
        for (const pair of pairsOf(lower)) this.low[pair]! |= bit;
        for (const pair of pairsOf(upper)) this.high[pair]! |= bit;
        const mask = numberOf(bytes.map((byte) => (byte === null ? 0 : 0x5f)));
        const value = numberOf(bytes.map((byte) => byte ?? 0));
        this.patterns[Math.log2(bit)]!.push({ needle, offset, mask, value });
      }
  }

  /** Whether any needle stands in `bytes` from `from` to before `to`. */
  isIn(bytes: Uint8Array, from: number, to: number): boolean {
    if (to <= from) return false;
    const { low, high } = this;
    // the first number may begin before `from`, with bytes that no needle is then found in
    const begin = from - ((bytes.byteOffset + from) & 3);
    const numbers = new Int32Array(bytes.buffer, bytes.byteOffset + begin, (to - begin) >> 2);
    let at = nextFit(low, high, numbers, 0);
    for (; at < numbers.length - 3; at = nextFit(low, high, numbers, at + 4))
      for (let one = at; one < at + 4; one++)
        if (this.standsAround(numbers[one]!, bytes, begin + 4 * one, from, to)) return true;
    for (; at < numbers.length; at++) if (this.standsAround(numbers[at]!, bytes, begin + 4 * at, from, to)) return true;
    const end = begin + 4 * at;
    for (let place = 0; place < 4; place++) word[place] = end + place < to ? bytes[end + place]! : 0;
    return this.standsAround(asNumber[0]!, bytes, end, from, to);
  }

  /** Whether a needle stands where one of its patterns is the four bytes at `at`. */
  private standsAround(number: number, bytes: Uint8Array, at: number, from: number, to: number): boolean {
    const folded = number & FOLD;
    const groups = this.low[folded & 0xffff]! & this.high[folded >> 16]!;
    for (let group = 0; groups >> group > 0; group++) {
      if (((groups >> group) & 1) === 0) continue;
      for (const { needle, offset, mask, value } of this.patterns[group]!)
        if ((number & mask) === value && at - offset >= from && standsAt(needle, bytes, at - offset, from, to))
          return true;
    }
    return false;
  }
}

/** The next four numbers, from `from` on, of which one fits a pattern; the last ones, when fewer are left. */
function nextFit(low: Uint16Array, high: Uint16Array, numbers: Int32Array, from: number): number {
  const most = numbers.length - 3;
  let at = from;
  for (; at < most; at += 4) {
    const a = numbers[at]! & FOLD;
    const b = numbers[at + 1]! & FOLD;
    const c = numbers[at + 2]! & FOLD;
    const d = numbers[at + 3]! & FOLD;
    const groups =
      (low[a & 0xffff]! & high[a >> 16]!) |
      (low[b & 0xffff]! & high[b >> 16]!) |
      (low[c & 0xffff]! & high[c >> 16]!) |
      (low[d & 0xffff]! & high[d >> 16]!);
    if (groups !== 0) break;
  }
  return at;
}

const foldedAt = (run: Uint8Array, place: number) => (run[place] === undefined ? null : foldOf(run[place]));
const numberOf = (bytes: readonly number[]) => bytes.reduceRight((number, byte) => (number << 8) | byte, 0);
const isOpen = (half: readonly (number | null)[]) => half.every((byte) => byte === null);

/** Every half of a folded number whose bytes, the lower first, are these, where null may be any. */
function pairsOf([lower, upper]: readonly (number | null | undefined)[]): number[] {
  const all = Array.from({ length: 0x60 }, (_, byte) => byte);
  const some = (byte: number | null | undefined) => (typeof byte === 'number' ? [byte] : all);
  return some(upper).flatMap((high) => some(lower).map((low) => (high << 8) | low));
}

/**
 * By which four bytes of a run it is looked for, whatever its place in memory: of all that lie alike there, those that
 * are the rarest in a text.
 */
function offsetsOf(run: Uint8Array): number[] {
  const rarity = (offset: number) => commonness(run, offset) * commonness(run, offset + 2);
  return [0, 1, 2, 3].map((lie) => {
    const offsets: number[] = [];
    for (let offset = lie - 4; offset < run.length; offset += 4) if (offset > -4) offsets.push(offset);
    return offsets.reduce((best, offset) => (rarity(offset) < rarity(best) ? offset : best));
  });
}

/** About how often the two bytes of a run from `offset` on stand at a place; those outside of it may be any. */
function commonness(run: Uint8Array, offset: number): number {
  const [first, second] = [run[offset], run[offset + 1]];
  if (first === undefined && second === undefined) return 1;
  if (first === undefined || second === undefined) return 0.03;
  return COMMON.has(String.fromCharCode(first, second)) ? 0.003 : 0.0003;
}

const [TAG_OPEN, TAG_END, AND, SEMICOLON, HASH] = [60, 62, 38, 59, 35];

const isLetter = (byte: number) => byte >= 97 && byte <= 122;
const lower = (byte: number) => (byte >= 65 && byte <= 90 ? byte | 32 : byte);
const isWordByte = (byte: number) => (byte >= 48 && byte <= 57) || isLetter(byte | 32);

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
