import { XMLParser } from 'fast-xml-parser';

/** An element: its attributes, the elements in it in order, its own text raw and joined. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>> | null;
  readonly elements: readonly XmlNode[];
  readonly text: string;
}

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
  'BookTitle',
  'Title',
  'LastName',
  'ForeName',
  'Suffix',
  'RefSource',
];

/** Deeper nesting than this is no PubMed record. */
const MAX_DEPTH = 60;
const TEXT = '#text';
const ATTRIBUTES = ':@';

/** Entities are decoded once, by `decodeEntities`, for raw and parsed texts alike. */
const nothingToDecode = {
  setExternalEntities: () => undefined,
  addInputEntities: () => undefined,
  reset: () => undefined,
  setXmlVersion: () => undefined,
  decode: (text: string) => text,
};

const parser = new XMLParser({
  // the parser would build its objects by name from this, with more work than `toNode` has
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  // PMIDs, pages and versions are texts
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  // it would else make itself another one for each record
  entityDecoder: nothingToDecode,
  stopNodes: MIXED.map((name) => `..${name}`),
  // nobody asks for the path of each element as text
  jPath: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
});

/** The parser's own: one member named like the element, or `#text`, and the attributes. */
type Ordered = Record<string, unknown>;

/** Parses one element with everything in it. @throws Error when it is not well-formed enough to be read */
export function parseElement(xml: string): XmlNode {
  return toNode('', null, parser.parse(xml) as Ordered[]);
}

function toNode(name: string, attributes: XmlNode['attributes'], ordered: readonly Ordered[]): XmlNode {
  const elements: XmlNode[] = [];
  let text = '';
  for (const one of ordered)
    for (const key in one) {
      if (key === TEXT) text += one[key] as string;
      else if (key !== ATTRIBUTES)
        elements.push(toNode(key, (one[ATTRIBUTES] as XmlNode['attributes']) ?? null, one[key] as Ordered[]));
    }
  return { name, attributes, elements, text };
}

/** Children of that name, in order. */
export const children = (node: XmlNode | undefined, name: string): XmlNode[] =>
  node === undefined ? [] : node.elements.filter((element) => element.name === name);

/** The first element at a path. */
export function child(node: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
  let at = node;
  for (const name of path) at = at?.elements.find((element) => element.name === name);
  return at;
}

/** All elements at a path of which each step may repeat. */
export function descendants(node: XmlNode | undefined, ...path: string[]): XmlNode[] {
  let nodes = node === undefined ? [] : [node];
  for (const name of path) nodes = nodes.flatMap((at) => children(at, name));
  return nodes;
}

export function attribute(node: XmlNode | undefined, name: string): string | null {
  const attributes = node?.attributes;
  if (!attributes || !Object.hasOwn(attributes, name)) return null;
  return decodeEntities(attributes[name]!).trim();
}

/** The text of an element, inner markup taken out, entities decoded, white space as `tidy` makes it; null when there is none. */
export function text(node: XmlNode | undefined): string | null {
  if (node === undefined) return null;
  const value = tidy(plainText(node.text));
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
