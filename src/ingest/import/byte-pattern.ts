/**
 * One text to be found in bytes (Horspool's algorithm): what is not in it lets the search leap over its whole length.
 * Node's own search goes from one `<` to the next in XML, which is full of them.
 */
export class BytePattern {
  private readonly bytes: Uint8Array;
  private readonly leaps: Uint8Array;

  /** @param text ASCII, at most 255 characters */
  constructor(text: string) {
    this.bytes = Buffer.from(text, 'latin1');
    this.leaps = new Uint8Array(256).fill(this.bytes.length);
    for (let at = 0; at < this.bytes.length - 1; at++) this.leaps[this.bytes[at]!] = this.bytes.length - 1 - at;
  }

  /** Its first place in `bytes` from `from` on, wholly before `to`; -1 when there is none. */
  find(bytes: Uint8Array, from: number, to: number = bytes.length): number {
    const { bytes: pattern, leaps } = this;
    const last = pattern.length - 1;
    const lastByte = pattern[last];
    for (let end = from + last; end < to;) {
      const byte = bytes[end]!;
      if (byte === lastByte) {
        let at = 0;
        while (at < last && bytes[end - last + at] === pattern[at]) at++;
        if (at === last) return end - last;
      }
      end += leaps[byte]!;
    }
    return -1;
  }
}
