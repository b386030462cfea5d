import { XMLParser } from 'fast-xml-parser';

/** An element: its children by name, its attributes as `@Name`, its own text as `#text`. Leaves without attributes are strings. */
export type XmlNode = string | { [name: string]: XmlNode[] | string | undefined };

/** Elements with inner markup (`<i>`, `<sup>`, MathML …): kept raw, because the order of text and markup matters. */
const MIXED = [
  'ArticleTitle',
  'AbstractText',
  'VernacularTitle',
  'Keyword',
  'CollectiveName',
  'Affiliation',
  'CoiStatement',
  'CopyrightInformation',
  'GeneralNote',
  'Citation',
  'BookTitle',
  'Title',
  'LastName',
  'ForeName',
  'Suffix',
  'RefSource',
];

/** Deeper nesting than this is no PubMed record. */
const MAX_DEPTH = 60;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // PMIDs, pages and versions are texts
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // entities are decoded once, by `decodeEntities`, for raw and parsed texts alike
  processEntities: false,
  // every element is a list, so that a single one does not collapse
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
  stopNodes: MIXED.map((name) => `..${name}`),
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
});

/** Parses one element with everything in it. @throws Error when it is not well-formed enough to be read */
export function parseElement(xml: string): Record<string, XmlNode[]> {
  return parser.parse(xml) as Record<string, XmlNode[]>;
}

const own = (node: object, name: string): unknown =>
  Object.hasOwn(node, name) ? (node as Record<string, unknown>)[name] : undefined;

/** Children of that name, in order. */
export function children(node: XmlNode | undefined, name: string): XmlNode[] {
  if (node === undefined || typeof node === 'string') return [];
  const found = own(node, name);
  return Array.isArray(found) ? (found as XmlNode[]) : [];
}

/** The first element at a path. */
export function child(node: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
  let at = node;
  for (const name of path) {
    at = children(at, name)[0];
    if (at === undefined) return undefined;
  }
  return at;
}

/** All elements at a path of which each step may repeat. */
export function descendants(node: XmlNode | undefined, ...path: string[]): XmlNode[] {
  let nodes = node === undefined ? [] : [node];
  for (const name of path) nodes = nodes.flatMap((at) => children(at, name));
  return nodes;
}

export function attribute(node: XmlNode | undefined, name: string): string | null {
  if (node === undefined || typeof node === 'string') return null;
  const value = own(node, `@${name}`);
  return typeof value === 'string' ? decodeEntities(value).trim() : null;
}

/** The text of an element, inner markup taken out, entities decoded, white space as `tidy` makes it; null when there is none. */
export function text(node: XmlNode | undefined): string | null {
  if (node === undefined) return null;
  const raw = typeof node === 'string' ? node : own(node, '#text');
  if (typeof raw !== 'string') return null;
  const value = tidy(plainText(raw));
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
      const end = raw.startsWith('<!--', open) ? raw.indexOf('-->', open) + 2 : endOfTag(raw, open);
      at = end < open ? raw.length : end + 1;
    }
  }
  return result;
}

/** Where a tag ends; a `>` may stand in an attribute's value, as in MathML's `<mml:mfenced close=">">`. */
function endOfTag(raw: string, open: number): number {
  let quote = '';
  for (let at = open + 1; at < raw.length; at++) {
    const character = raw.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  // a quote that is never closed is no attribute: take the first end that there is
  return raw.indexOf('>', open);
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
