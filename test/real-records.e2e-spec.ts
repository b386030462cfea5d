import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { parseRecord } from '../src/pubmed/parse-record.js';
import { parsePapers } from '../src/pubmed/parse-papers.js';

const SHARED = process.env['SHARED_DIR'] ?? resolve('../shared');
const files = ['pubmed-real.xml.gz', 'ketamine-shaped.xml.gz', 'ketamine-wide.xml.gz', 'books-real.xml.gz'].map(
  (name) => resolve(SHARED, 'pubmed', name),
);
const present = files.every((file) => existsSync(file));

/** What an independent parser sees of a record. */
interface Witness {
  titles: string[];
  vernacular: string[];
  abstract: string[];
  other: string[];
  keywords: string[];
  counts: Record<string, number>;
}

const squash = (text: string) => text.replace(/[ \t\r\n]+/g, ' ').trim();

function witness(xml: string): Witness {
  const seen: Witness = { titles: [], vernacular: [], abstract: [], other: [], keywords: [], counts: {} };
  const path: string[] = [];
  let text: string | null = null;
  const parser = new SaxesParser();
  const isText = () => {
    const [parent, name] = path.slice(-2);
    return (
      name === 'AbstractText' ||
      (parent === 'KeywordList' && name === 'Keyword') ||
      ((name === 'ArticleTitle' || name === 'VernacularTitle') && parent === 'Article')
    );
  };
  parser.on('opentag', (tag) => {
    path.push(tag.name);
    const within = path.slice(-3).join('/');
    seen.counts[within] = (seen.counts[within] ?? 0) + 1;
    if (isText()) text = '';
  });
  parser.on('text', (value) => {
    if (text !== null) text += value;
  });
  parser.on('cdata', (value) => {
    if (text !== null) text += value;
  });
  parser.on('closetag', () => {
    if (text !== null && isText()) {
      const value = squash(text);
      const name = path[path.length - 1];
      // NLM has empty keywords and abstract parts: they say nothing
      if (value !== '')
        (name === 'Keyword'
          ? seen.keywords
          : name === 'ArticleTitle'
            ? seen.titles
            : name === 'VernacularTitle'
              ? seen.vernacular
              : path.includes('OtherAbstract')
                ? seen.other
                : seen.abstract
        ).push(value);
      text = null;
    }
    path.pop();
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return seen;
}

(present ? describe : describe.skip)('the real records in ../shared/pubmed (skipped where they are not)', () => {
  it.each(files)(
    'are all parsed or excluded with a code, with the texts that an independent parser sees: %s',
    (file) => {
      const xml = gunzipSync(readFileSync(file)).toString('utf8');
      const records = xml.match(/<(PubmedArticle|PubmedBookArticle)>[\s\S]*?<\/\1>/g) ?? [];
      expect(records.length).toBeGreaterThan(10);
      const set = parsePapers(xml);
      expect(set.papers.length + set.excluded.length).toBe(records.length);
      expect(set.unreadable).toEqual([]);
      for (const { pmid, code } of set.excluded.filter((record) => record.code !== 'book-record')) {
        // one record of 2017 came without any history
        expect([pmid, code]).toEqual([pmid, 'no-create-date']);
        expect(records.find((record) => record.includes(`>${pmid}<`))).not.toMatch(/PubMedPubDate|DateCompleted/);
      }
      for (const record of records) {
        const parsed = parseRecord(record);
        if (parsed.kind !== 'paper') continue;
        const { paper } = parsed;
        const seen = witness(record);
        expect([paper.pmid, paper.title]).toEqual([paper.pmid, seen.titles[0] ?? '']);
        expect([paper.pmid, paper.vernacularTitle]).toEqual([paper.pmid, seen.vernacular[0] ?? null]);
        expect(paper.abstract.map((section) => section.text)).toEqual(seen.abstract);
        expect(paper.otherAbstracts.map((section) => section.text)).toEqual(seen.other);
        const count = (name: string) => seen.counts[name] ?? 0;
        expect([paper.pmid, paper.authors.length]).toEqual([paper.pmid, count('Article/AuthorList/Author')]);
        expect([paper.pmid, paper.mesh.length]).toEqual([
          paper.pmid,
          count('MedlineCitation/MeshHeadingList/MeshHeading'),
        ]);
        expect(paper.mesh.flatMap((heading) => heading.qualifiers)).toHaveLength(
          count('MeshHeadingList/MeshHeading/QualifierName'),
        );
        expect(paper.chemicals).toHaveLength(count('MedlineCitation/ChemicalList/Chemical'));
        expect(paper.grants).toHaveLength(count('Article/GrantList/Grant'));
        expect(paper.related).toHaveLength(count('MedlineCitation/CommentsCorrectionsList/CommentsCorrections'));
        expect([paper.pmid, paper.referenceCount]).toEqual([
          paper.pmid,
          count('PubmedData/ReferenceList/Reference') + count('ReferenceList/ReferenceList/Reference'),
        ]);
        expect(paper.history).toHaveLength(count('PubmedData/History/PubMedPubDate'));
        expect([paper.pmid, ...paper.keywords.map((keyword) => keyword.text)]).toEqual([paper.pmid, ...seen.keywords]);
        expect(paper.publicationTypes).toHaveLength(count('Article/PublicationTypeList/PublicationType'));
        expect(paper.published.text).not.toBe('');
      }
    },
  );
});
