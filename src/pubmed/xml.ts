/** Deeper nesting than this is no PubMed record. */
const MAX_DEPTH = 60;

const NONE: readonly XmlNode[] = [];

/** An element, by its places in the text that it was read from: most are never asked for what they hold. */
export class XmlNode {
  private readonly list: XmlNode[] = [];
  private end = 0;

  /**
   * @param name '' for what holds the outermost elements
   * @param nameEnd behind its name
   * @param tagEnd the last character of its start tag
   */
  constructor(
    private readonly xml: string,
    readonly name: string,
    private readonly nameEnd: number,
    private readonly tagEnd: number,
  ) {}

  /** The elements in it, in order. */
  get children(): readonly XmlNode[] {
    return this.list;
  }

  /** Attributes as they are written. */
  get attributes(): string {
    return this.xml.slice(this.nameEnd, this.tagEnd);
  }

  /** Everything between its tags, as it is written. */
  get inner(): string {
    return this.xml.slice(this.tagEnd + 1, this.end);
  }

  add(node: XmlNode): void {
    this.list.push(node);
  }

  close(end: number): void {
    this.end = end;
  }
}

/**
 * The elements of an XML text without declarations of its own, below one node that has no name. Tags and quotes have to
 * fit together; beyond that it is lenient. Texts and attributes stay as they are written until they are asked for, which
 * is what makes it an order of magnitude quicker than a parser that builds everything.
 * @throws Error with the offset at which tags stop fitting together
 */
export function parseElements(xml: string): XmlNode {
  const open: XmlNode[] = [];
  const top = new XmlNode(xml, '', 0, -1);
  let last = top;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const next = xml.charCodeAt(at + 1);
    if (next === 33 /* ! */ || next === 63 /* ? */) {
      at = skip(xml, at);
      continue;
    }
    if (next === 47 /* / */) {
      const close = xml.indexOf('>', at);
      if (open.length === 0 || close < 0 || last.name !== xml.slice(at + 2, close).trimEnd()) throw misfit(at);
      last.close(at);
      open.pop();
      last = open.at(-1) ?? top;
      at = close;
      continue;
    }
    const nameEnd = endOfName(xml, at + 1);
    const close = endOfTag(xml, nameEnd);
    const following = xml.indexOf('<', nameEnd);
    // no attribute holds a `<`: where one seems to, a quote was lost, and all up to the next one would be
    if (close < 0 || (following >= 0 && following < close)) throw misfit(at);
    const isEmpty = xml.charCodeAt(close - 1) === 47;
    const node = new XmlNode(xml, xml.slice(at + 1, Math.min(nameEnd, isEmpty ? close - 1 : close)), nameEnd, close);
    last.add(node);
    if (isEmpty) node.close(close + 1);
    else {
      if (open.length >= MAX_DEPTH) throw new Error(`Elements are nested more than ${MAX_DEPTH} deep`);
      open.push(node);
      last = node;
    }
    at = close;
  }
  if (open.length > 0) throw misfit(xml.length);
  return top;
}

const misfit = (at: number) => new Error(`The record's tags do not fit together at character ${at}`);

/** Behind a comment, a CDATA section, a declaration or a processing instruction that begins at `at`. */
function skip(xml: string, at: number): number {
  const end = xml.startsWith('<!--', at) ? '-->' : xml.startsWith('<![CDATA[', at) ? ']]>' : '>';
  const found = xml.indexOf(end, at + 2);
  if (found < 0) throw misfit(at);
  return found + end.length;
}

/** Behind the name that begins at `from`: at white space or `>`. */
function endOfName(xml: string, from: number): number {
  let at = from;
  for (; at < xml.length; at++) {
    const unit = xml.charCodeAt(at);
    if (unit <= 32 || unit === 62 /* > */) break;
  }
  return at;
}

/** Where a tag ends, from behind its name; a `>` may stand in an attribute's value, as in MathML's `<mml:mfenced close=">">`. -1 when it does not. */
function endOfTag(xml: string, from: number): number {
  for (let at = from; at < xml.length; at++) {
    const unit = xml.charCodeAt(at);
    if (unit === 62 /* > */) return at;
    if (unit !== 34 /* " */ && unit !== 39 /* ' */) continue;
    const end = xml.indexOf(unit === 34 ? '"' : "'", at + 1);
    if (end < 0) return -1;
    at = end;
  }
  return -1;
}

/** Children of that name, in order. */
export const children = (node: XmlNode | undefined, name: string): readonly XmlNode[] =>
  node === undefined ? NONE : node.children.filter((one) => one.name === name);

/** The first element at a path. */
export function child(node: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
  let at = node;
  for (const name of path) at = at?.children.find((one) => one.name === name);
  return at;
}

/** All elements at a path of which each step may repeat. */
export function descendants(node: XmlNode | undefined, ...path: string[]): readonly XmlNode[] {
  let nodes: readonly XmlNode[] = node === undefined ? NONE : [node];
  for (const name of path) nodes = nodes.flatMap((at) => children(at, name));
  return nodes;
}

const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

export function attribute(node: XmlNode | undefined, name: string): string | null {
  const attributes = node?.attributes ?? '';
  ATTRIBUTE.lastIndex = 0;
  for (let found = ATTRIBUTE.exec(attributes); found; found = ATTRIBUTE.exec(attributes))
    if (found[1] === name) return decodeEntities(found[2] ?? found[3] ?? '').trim();
  return null;
}

/** The text of an element, inner markup taken out, entities decoded, white space as `tidy` makes it; null when there is none. */
export function text(node: XmlNode | undefined): string | null {
  const value = tidy(plainText(node?.inner ?? ''));
  return value === '' ? null : value;
}

/** Text content of raw XML: comments and tags out, CDATA in, entities decoded; nothing is added between. */
export function plainText(raw: string): string {
  if (!raw.includes('<')) return decodeEntities(raw);
  let result = '';
  let at = 0;
  while (at < raw.length) {
    const open = raw.indexOf('<', at);
    if (open < 0) {
      result += decodeEntities(raw.slice(at));
      break;
    }
    result += decodeEntities(raw.slice(at, open));
    if (raw.startsWith('<![CDATA[', open)) {
      const end = raw.indexOf(']]>', open);
      result += raw.slice(open + 9, end < 0 ? raw.length : end);
      at = end < 0 ? raw.length : end + 3;
    } else {
      const end = raw.startsWith('<!--', open) ? raw.indexOf('-->', open) + 2 : endOfTag(raw, open + 1);
      at = end < open ? raw.length : end + 1;
    }
  }
  return result;
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five entities of XML and numeric references, each once. Others are not declared in PubMed's files and stay as they are. */
export function decodeEntities(value: string): string {
  if (!value.includes('&')) return value;
  return value.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return NAMED[name] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
      // XML 1.0, production Char: no NUL, no surrogates
      return code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)
        ? '\ufffd'
        : String.fromCodePoint(code);
    },
  );
}

/** Line breaks and runs of white space that come from the file's layout become one space; no-break and thin spaces are the author's and stay. */
export const tidy = (value: string): string => value.replace(/ [ \t\r\n]+|[\t\r\n][ \t\r\n]*/g, ' ').trim();
