import fc from 'fast-check';
import { BrokenFile, RecordSplitter } from './split-records.js';

const HEAD = '<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet SYSTEM "pubmed_270101.dtd">\n<PubmedArticleSet>\n';
const record = (pmid: number) => `<PubmedArticle><PMID>${pmid}</PMID>é</PubmedArticle>`;
const file = (...parts: string[]) => `${HEAD}${parts.join('\n')}\n</PubmedArticleSet>\n`;

/** The parts of a text that arrives in pieces, and the problem that ends it. */
function split(
  text: string,
  cuts: readonly number[] = [],
): { parts: string[]; offsets: number[]; problem: string | null } {
  const bytes = Buffer.from(text);
  const splitter = new RecordSplitter();
  const found = { parts: [] as string[], offsets: [] as number[], problem: null as string | null };
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  try {
    for (let at = 1; at < places.length; at++)
      for (const part of splitter.push(bytes.subarray(places[at - 1], places[at]))) {
        found.parts.push(part.bytes.toString());
        found.offsets.push(part.offset);
      }
    splitter.end();
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    found.problem = `${error.offset}: ${error.reason}`;
  }
  return found;
}

describe('a PubMed file', () => {
  it('is the same records however it arrives', () => {
    const parts = [
      record(1),
      '<PubmedBookArticle><PMID>2</PMID></PubmedBookArticle>',
      record(3),
      '<DeleteCitation><PMID Version="1">4</PMID></DeleteCitation>',
    ];
    const text = file(...parts, '<!-- a comment with <PubmedArticle> -->');
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 400 }), { maxLength: 30 }), (cuts) => {
        const found = split(text, cuts);
        expect(found).toMatchObject({ parts, problem: null });
        for (const [index, offset] of found.offsets.entries())
          expect(Buffer.from(text).indexOf(parts[index] ?? '', offset)).toBe(offset);
      }),
    );
  });

  it('may be empty', () => {
    expect(split(`${HEAD}</PubmedArticleSet>`)).toEqual({ parts: [], offsets: [], problem: null });
    expect(split('<PubmedArticleSet/>')).toEqual({ parts: [], offsets: [], problem: null });
  });

  it('that is cut anywhere gives what was whole and says that it is not', () => {
    const text = file(record(1), record(2), record(3));
    const whole = text.length - 1 - '</PubmedArticleSet>'.length;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole }), (length) => {
        const found = split(text.slice(0, length));
        expect(found.problem).not.toBeNull();
        for (const [index, part] of found.parts.entries()) expect(part).toBe(record(index + 1));
      }),
    );
  });

  it.each([
    ['an HTML page', '<!DOCTYPE html><html><body>Not found</body></html>', /^0: it is not a PubmedArticleSet/],
    ['a JSON text', '{"error":"no"}', /^0: it is not a PubmedArticleSet/],
    ['nothing', '', /^0: it is not a PubmedArticleSet/],
    ['entities of its own', '<!DOCTYPE PubmedArticleSet [<!ENTITY a "b">]><PubmedArticleSet>', /declares entities/],
    [
      'a record without its end',
      file('<PubmedArticle><PMID>1</PMID>', record(2)),
      /before the one before it has ended/,
    ],
    ['text between records', file(record(1), 'garbage'), /text stands between/],
    ['an unknown element', file(record(1), '<Surprise>'), /has no place here/],
    ['something behind its end', `${file(record(1))}<PubmedArticleSet>`, /something stands behind its end/],
  ])('is refused when it is or holds %s', (_name, text, problem) => {
    expect(split(text).problem).toMatch(problem);
  });
});
