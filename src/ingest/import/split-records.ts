/** A part of a PubMed file, whole. */
export interface FilePart {
  name: 'PubmedArticle' | 'PubmedBookArticle' | 'DeleteCitation';
  /** Where it begins in the unpacked file, from 0. */
  offset: number;
  /** Valid until the next part is asked for. */
  bytes: Buffer;
}

/** Why a file cannot be read on, and from which byte of it, or of its text when it is packed. */
export class BrokenFile extends Error {
  constructor(
    readonly reason: string,
    readonly offset: number,
    readonly of: 'packed file' | 'text' = 'text',
  ) {
    super(reason);
  }
}

const NAMES = ['PubmedArticle', 'PubmedBookArticle', 'DeleteCitation'] as const;
/**
 * Ends both `<NAME>` and `</NAME>`: one search finds the end of a record, or the record that begins before it. Node
 * looks for a first byte and then for the rest: a letter that is rare, where XML is full of `<`.
 */
const TAG_ENDS = new Map(NAMES.map((name) => [name, Buffer.from(`${name}>`)]));
const SLASH = 47;
/** No record is longer; what is belongs to a file whose tags do not fit. */
const LONGEST_RECORD = 32_000_000;
/** Where the root element must have begun. */
const LONGEST_HEAD = 64_000;
const LONGEST_TAG = 4_096;
/** So much of the next chunk is at first put behind what is left of the one before it: most records end there. */
const SEAM = 65_536;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts a PubMed file into its records while it is being read, holding no more of it than the record at hand.
 * It looks at what stands between records too: nothing else may.
 */
export class RecordSplitter {
  private rest: Buffer = NOTHING;
  /** Offset of the first byte of `rest`. */
  private offset = 0;
  private state: 'head' | 'between' | 'ended' = 'head';

  /**
   * Takes the next bytes of the file.
   * @throws BrokenFile after the parts that were whole
   */
  *push(chunk: Buffer): Generator<FilePart> {
    let taken = 0;
    for (let more = SEAM; this.rest.length > 0 && taken < chunk.length; more *= 4) {
      const left = this.rest.length;
      const seam = Buffer.concat([this.rest, chunk.subarray(taken, taken + more)]);
      const cut = yield* this.cut(seam, left);
      // the record is over, and what follows lies in the chunk whole; or all of this is still to be kept
      this.rest = cut < left ? seam.subarray(cut) : NOTHING;
      taken = cut < left ? Math.min(taken + more, chunk.length) : taken + cut - left;
    }
    if (taken === chunk.length) return;
    const bytes = chunk.subarray(taken);
    const cut = yield* this.cut(bytes, bytes.length);
    // a copy: the chunk's memory is the reader's
    this.rest = Buffer.from(bytes.subarray(cut));
  }

  /** Gives the parts that begin before `until`. @returns how many of the bytes are done with */
  private *cut(bytes: Buffer, until: number): Generator<FilePart, number> {
    let at = 0;
    if (this.state === 'head') {
      const begin = this.readHead(bytes);
      if (begin === null) return 0;
      at = begin;
    }
    while (this.state === 'between' && at < until) {
      const part = this.next(bytes, at);
      if (part === null) break;
      at = part.end;
      if (part.name !== null)
        yield { name: part.name, offset: this.offset + part.begin, bytes: bytes.subarray(part.begin, part.end) };
    }
    if (this.state === 'ended') {
      const more = skipSpace(bytes, at);
      if (more < bytes.length) throw new BrokenFile('something stands behind its end', this.offset + more);
      at = more;
    }
    this.offset += at;
    return at;
  }

  /** @throws BrokenFile when the file is over before its root element is */
  end(): void {
    if (this.state === 'head') throw new BrokenFile('it is not a PubmedArticleSet', 0);
    if (this.state === 'between')
      throw new BrokenFile(
        skipSpace(this.rest, 0) < this.rest.length ? 'it ends in the middle of a record' : 'its end is missing',
        this.offset,
      );
  }

  /** @returns where the records begin; null when more bytes are needed */
  private readHead(bytes: Buffer): number | null {
    const head = bytes.toString('latin1', 0, LONGEST_HEAD);
    const root = /<PubmedArticleSet\b[^>]*?(\/?)>/.exec(head);
    const prolog = root ? head.slice(0, root.index) : head;
    // an internal subset can declare entities that grow without bound, or name files
    if (/<!ENTITY|<!DOCTYPE[^>]*\[/i.test(prolog))
      throw new BrokenFile('it declares entities of its own, which PubMed never does', 0);
    const other = /<(?![?!])[^\s/>]+[\s/>]/.test(prolog);
    const isText = /^[\s\u00ef\u00bb\u00bf]*[^<\s\u00ef\u00bb\u00bf]/.test(head);
    if (other || isText || (!root && bytes.length >= LONGEST_HEAD))
      throw new BrokenFile('it is not a PubmedArticleSet', 0);
    if (!root) return null;
    this.state = root[1] === '/' ? 'ended' : 'between';
    return root.index + root[0].length;
  }

  /** The next part from `at` on; `name` null for a comment. Null when more bytes are needed, or the set has ended. */
  private next(bytes: Buffer, at: number): { name: FilePart['name'] | null; begin: number; end: number } | null {
    const begin = skipSpace(bytes, at);
    if (begin >= bytes.length) return null;
    const tagEnd = bytes.indexOf('>', begin);
    const tag = bytes.toString('latin1', begin, tagEnd < 0 ? Math.min(bytes.length, begin + LONGEST_TAG) : tagEnd + 1);
    if (!tag.startsWith('<')) throw new BrokenFile('text stands between its records', this.offset + begin);
    if (tag.startsWith('<!--')) {
      const close = bytes.indexOf('-->', begin + 4);
      return close < 0 ? this.wait(bytes, begin) : { name: null, begin, end: close + 3 };
    }
    if (tagEnd < 0) {
      if (tag.length >= LONGEST_TAG) throw new BrokenFile('a tag has no end', this.offset + begin);
      return null;
    }
    if (tag.startsWith('</PubmedArticleSet')) {
      this.state = 'ended';
      return { name: null, begin, end: tagEnd + 1 };
    }
    const name = NAMES.find((one) => tag.startsWith(one, 1) && /[\s>/]/.test(tag.charAt(one.length + 1)));
    if (!name) throw new BrokenFile(`the element ${tag.slice(0, 40)} has no place here`, this.offset + begin);
    if (tag.endsWith('/>')) return { name: null, begin, end: tagEnd + 1 };
    const found = bytes.indexOf(TAG_ENDS.get(name)!, tagEnd + 1);
    if (found < 0) return this.wait(bytes, begin);
    if (bytes[found - 1] !== SLASH)
      throw new BrokenFile('a record begins before the one before it has ended', this.offset + begin);
    return { name, begin, end: found + name.length + 1 };
  }

  private wait(bytes: Buffer, begin: number): null {
    if (bytes.length - begin > LONGEST_RECORD)
      throw new BrokenFile(`a record has no end within ${LONGEST_RECORD} bytes`, this.offset + begin);
    return null;
  }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) break;
  }
  return at;
}
