/** Sets of papers as bits, one a paper in the order of the catalogue: sets are joined and counted a word at a time. */
export type Bits = Uint32Array;

export const noBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5);

export function allBits(size: number): Bits {
  const bits = noBits(size).fill(0xffffffff);
  if (size & 31) bits[bits.length - 1] = (1 << (size & 31)) - 1;
  return bits;
}

export const setBit = (bits: Bits, at: number): void => {
  bits[at >>> 5]! |= 1 << (at & 31);
};
export const hasBit = (bits: Bits, at: number): boolean => ((bits[at >>> 5]! >>> (at & 31)) & 1) === 1;

/** `into` keeps what `other` has too. */
export function keepBits(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) into[word]! &= other[word]!;
}
export function addBits(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) into[word]! |= other[word]!;
}
export function dropBits(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) into[word]! &= ~other[word]!;
}

const ones = (word: number): number => {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

export function countBits(bits: Bits): number {
  let count = 0;
  for (let word = 0; word < bits.length; word++) count += ones(bits[word]!);
  return count;
}
export function countBoth(a: Bits, b: Bits): number {
  let count = 0;
  for (let word = 0; word < a.length; word++) count += ones(a[word]! & b[word]!);
  return count;
}

/** Visits the set's members from the first on. */
export function eachBit(bits: Bits, visit: (at: number) => void): void {
  for (let word = 0; word < bits.length; word++)
    for (let rest = bits[word]!; rest !== 0; rest &= rest - 1) visit((word << 5) + 31 - Math.clz32(rest & -rest));
}

/** The last `limit` members before `end`, last first. */
export function lastBits(bits: Bits, end: number, limit: number): number[] {
  const found: number[] = [];
  for (let word = Math.min(bits.length - 1, (end - 1) >> 5); word >= 0 && found.length < limit; word--) {
    let rest = bits[word]!;
    if (word === end >>> 5) rest &= (1 << (end & 31)) - 1;
    for (; rest !== 0 && found.length < limit;) {
      const bit = 31 - Math.clz32(rest);
      found.push((word << 5) + bit);
      rest &= ~(1 << bit);
    }
  }
  return found;
}
