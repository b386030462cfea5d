import fc from 'fast-check';
import { aDigest, taxonomy } from '../../test/support/a-digest.js';
import { aView } from '../../test/support/a-view.js';
import { aWeek } from '../../test/support/a-week.js';
import type { Correction, Digest } from '../model/issue.js';

const placeOf = (digest: Digest, pmid: string) =>
  digest.sections.flatMap((section) =>
    section.groups.filter((group) => group.pmids.includes(pmid)).map((group) => [section.value, group.direction]),
  );
const correction = (given: Partial<Correction>): Correction => ({
  kind: 'retraction',
  pmid: '1',
  title: 'T',
  noticePmid: null,
  seenAt: '2026-11-20T00:00:00.000Z',
  issue: null,
  ...given,
});

describe('a digest', () => {
  it('says in one line what is new, against the usual week', () => {
    const digest = aDigest({
      papers: aWeek(60),
      usual: { median: 36.5, weeks: 12 },
      corrections: [correction({})],
    });
    expect(digest.summary).toBe(
      '62 papers, usual 37; 4 guidelines, 7 meta-analyses, 11 randomised trials; most on Depression (9), Treatment-resistant depression (8); 1 late; 1 retraction',
    );
    expect(digest.counts).toMatchObject({ papers: 62, late: 1, corrections: 1, usual: { median: 36.5, weeks: 12 } });
    expect(aDigest({ usual: { median: 4, weeks: 12 } }).summary).toBe('No new papers, usual 4');
    expect(aDigest({ papers: [aView()] }).summary).toBe('1 paper');
  });

  it('has each paper once, in the order of its sections', () => {
    const digest = aDigest({ papers: aWeek(60) });
    const inSections = digest.sections.flatMap((section) => section.groups.flatMap((group) => group.pmids));
    expect(digest.papers.map((paper) => paper.pmid)).toEqual(inSections);
    expect(new Set(inSections).size).toBe(62);
    expect(digest.papers[0]).not.toHaveProperty('abstract');
    expect(digest.papers[0]).not.toHaveProperty('mesh');
  });

  it('loses no paper and doubles none, whatever the tags and relations', () => {
    const values = (facet: string) => taxonomy.facets.find((f) => f.facet === facet)!.tags.map((tag) => tag.value);
    const pmids = Array.from({ length: 12 }, (_, index) => String(index + 1));
    const paper = (pmid: string) =>
      fc
        .record({
          condition: fc.subarray([...values('condition'), 'unknown-tag'], { maxLength: 4 }),
          direction: fc.subarray(values('direction'), { maxLength: 4 }),
          study: fc.constantFrom(null, 'unheard-of', ...values('study').filter((value) => value !== 'correction')),
          species: fc.subarray(['human', 'animal']),
          on: fc.option(fc.constantFrom(...pmids)),
        })
        .map(({ on, ...tags }) =>
          aView({ pmid, tags, related: on === null ? [] : [{ type: 'CommentOn', pmid: on, text: '' }] }),
        );
    fc.assert(
      fc.property(
        fc.subarray(pmids).chain((some) => fc.tuple(...some.map(paper))),
        (papers) => {
          const digest = aDigest({ papers });
          const placed = digest.sections.flatMap((section) => section.groups.flatMap((group) => group.pmids));
          expect([...placed].sort()).toEqual(papers.map((p) => p.pmid).sort());
          expect(digest.papers.map((p) => p.pmid)).toEqual(placed);
          for (const section of digest.sections)
            for (const pmid of section.seeAlso)
              expect(section.groups.flatMap((group) => group.pmids)).not.toContain(pmid);
        },
      ),
    );
  });

  it('does not depend on the order in which papers come', () => {
    const papers = aWeek(40);
    expect(aDigest({ papers: [...papers].reverse() })).toEqual(aDigest({ papers }));
  });
});

describe('highlights', () => {
  it('are guidelines, then meta-analyses, then randomised trials by size', () => {
    const paper = (pmid: string, study: string, value: number, species = ['human']) =>
      aView({ pmid, tags: { study, species }, facts: { participants: { value, unit: 'participants' } } });
    const papers = [
      paper('1', 'rct', 40),
      paper('2', 'rct', 400),
      paper('3', 'guideline', 0),
      paper('4', 'meta-analysis', 900),
      paper('5', 'review', 0),
      paper('6', 'rct', 4000, ['animal']),
      paper('7', 'case-report', 1),
      paper('8', 'observational', 600),
      paper('9', 'observational', 60),
      ...['10', '11', '12', '13', '14', '15'].map((pmid) => paper(pmid, 'commentary', 0)),
    ];
    expect(aDigest({ papers }).highlights).toEqual(['3', '4', '2', '1', '8']);
  });

  it('are at most a third of the papers, and none when none is strong', () => {
    const trials = ['1', '2', '3', '4'].map((pmid) => aView({ pmid, tags: { study: 'rct', species: ['human'] } }));
    expect(aDigest({ papers: trials }).highlights).toHaveLength(2);
    expect(aDigest({ papers: [aView({ tags: { study: 'review' } })] }).highlights).toEqual([]);
  });
});

describe('the place of a paper', () => {
  it('is its most specific condition, with a cross-reference from the others', () => {
    const papers = [
      aView({ pmid: '1', tags: { condition: ['depression', 'treatment-resistant-depression', 'suicidality'] } }),
      aView({ pmid: '2', tags: { condition: ['suicidality'] } }),
    ];
    const digest = aDigest({ papers });
    expect(placeOf(digest, '1')).toEqual([['treatment-resistant-depression', null]]);
    expect(digest.sections.find((section) => section.value === 'suicidality')?.seeAlso).toEqual(['1']);
    expect(digest.sections.some((section) => section.value === 'depression')).toBe(false);
  });

  it('is the condition named in the title before one that is only measured', () => {
    const paper = aView({ title: 'Ketamine for PTSD', tags: { condition: ['depression', 'ptsd'] } });
    expect(placeOf(aDigest({ papers: [paper] }), paper.pmid)).toEqual([['ptsd', null]]);
    const spelt = aView({
      title: 'A post-traumatic stress disorder trial',
      tags: { condition: ['depression', 'ptsd'] },
    });
    expect(placeOf(aDigest({ papers: [spelt] }), spelt.pmid)).toEqual([['ptsd', null]]);
  });

  it('is the condition its reader asked for', () => {
    const paper = aView({ title: 'Depression', tags: { condition: ['depression', 'anxiety', 'panic-disorder'] } });
    const digest = aDigest({ papers: [paper], wanted: { condition: ['anxiety'] } });
    expect(placeOf(digest, paper.pmid)).toEqual([['panic-disorder', null]]);
    expect(digest.sections.map((section) => section.value)).toEqual(['panic-disorder']);
  });

  it('is grouped by direction within a condition, children under their parent', () => {
    const paper = aView({
      tags: { condition: ['ptsd'], direction: ['new-conditions', 'combinations', 'combination-psychotherapy'] },
    });
    expect(placeOf(aDigest({ papers: [paper] }), paper.pmid)).toEqual([['ptsd', 'combinations']]);
  });

  it('is the direction without a condition, and "other" without either', () => {
    const papers = [
      aView({ pmid: '1', tags: { direction: ['biomarkers', 'biomarker-blood'] } }),
      aView({ pmid: '2', tags: { mechanism: ['gaba'] } }),
    ];
    const sections = aDigest({ papers }).sections;
    expect(sections.map(({ facet, value, label }) => [facet, value, label])).toEqual([
      ['direction', 'biomarkers', 'Biomarkers'],
      ['other', 'other', 'Mechanisms, pharmacology and other'],
    ]);
  });

  it('puts people before animals and strong designs before weak ones', () => {
    const papers = [
      aView({ pmid: '1', tags: { condition: ['ptsd'], study: 'animal', species: ['animal'] } }),
      aView({ pmid: '2', tags: { condition: ['ptsd'], study: 'case-report', species: ['human'] } }),
      aView({ pmid: '3', tags: { condition: ['ptsd'], study: 'rct', species: ['human'] } }),
    ];
    expect(aDigest({ papers }).papers.map((paper) => paper.pmid)).toEqual(['3', '2', '1']);
  });
});

describe('relations between papers', () => {
  const on = (pmid: string, target: string) =>
    aView({ pmid, tags: { condition: ['ocd'] }, related: [{ type: 'CommentOn', pmid: target, text: '' }] });

  it('groups comments and replies under their paper', () => {
    const papers = [
      aView({ pmid: '10', tags: { condition: ['ptsd'], study: 'review' } }),
      aView({ pmid: '11', tags: { condition: ['ptsd'], study: 'review' } }),
      on('20', '11'),
      on('21', '20'),
    ];
    expect(aDigest({ papers }).sections.map((section) => section.groups)).toEqual([
      [{ direction: null, pmids: ['11', '20', '21', '10'] }],
    ]);
  });

  it('leaves a comment on its own when its paper is not in the digest', () => {
    expect(placeOf(aDigest({ papers: [on('20', '11')] }), '20')).toEqual([['ocd', null]]);
  });

  it('keeps two letters that answer one another', () => {
    expect(aDigest({ papers: [on('20', '21'), on('21', '20')] }).counts.papers).toBe(2);
  });

  it('never takes errata, retraction notices or retracted papers for news', () => {
    const papers = [
      aView({ pmid: '1', publicationTypes: ['Published Erratum'] }),
      aView({ pmid: '2', related: [{ type: 'RetractionOf', pmid: '9', text: '' }] }),
      aView({ pmid: '3', tags: { study: 'correction' } }),
      aView({ pmid: '4', status: { retracted: true } }),
      aView({ pmid: '5', related: [{ type: 'ErratumIn', pmid: '1', text: '' }] }),
    ];
    expect(aDigest({ papers, state: 'open' }).papers.map((paper) => paper.pmid)).toEqual(['5']);
  });

  it('keeps a paper that was retracted after its issue: what was issued stays', () => {
    const papers = [aView({ status: { retracted: true } })];
    expect(aDigest({ papers, state: 'issued' }).counts.papers).toBe(1);
  });

  it('says that a preprint already sent is now published, instead of calling its journal version news', () => {
    const journal = aView({ pmid: '2', title: 'Journal', related: [{ type: 'UpdateOf', pmid: '1', text: '' }] });
    const told = new Map([['1', { issue: '2026-W40', preprint: true }]]);
    const digest = aDigest({ papers: [journal], told });
    expect(digest.papers).toEqual([]);
    expect(digest.corrections).toEqual([
      correction({ kind: 'update', pmid: '1', title: 'Journal', noticePmid: '2', seenAt: journal.listedAt, issue: '2026-W40' }),
    ]); // prettier-ignore
    expect(aDigest({ papers: [journal] }).papers).toHaveLength(1);
  });

  it('takes the new edition of a review for news', () => {
    const edition = aView({ pmid: '2', related: [{ type: 'UpdateOf', pmid: '1', text: '' }] });
    const told = new Map([['1', { issue: '2026-W40', preprint: false }]]);
    expect(aDigest({ papers: [edition], told }).counts.papers).toBe(1);
  });

  it('puts a preprint under its journal version when both are new', () => {
    const papers = [
      aView({ pmid: '1', status: { preprint: true }, tags: { condition: ['ptsd'] } }),
      aView({ pmid: '2', related: [{ type: 'UpdateOf', pmid: '1', text: '' }], tags: { condition: ['ptsd'] } }),
    ];
    expect(aDigest({ papers }).sections[0]?.groups).toEqual([{ direction: null, pmids: ['2', '1'] }]);
  });
});

describe('corrections', () => {
  it('come with the gravest first, each once', () => {
    const digest = aDigest({
      corrections: [
        correction({ kind: 'erratum', pmid: '3', noticePmid: '31' }),
        correction({ kind: 'erratum', pmid: '3', noticePmid: '32' }),
        correction({ kind: 'retraction', pmid: '2', noticePmid: '22' }),
        correction({ kind: 'retraction', pmid: '2' }),
        correction({ kind: 'concern', pmid: '1' }),
      ],
    });
    expect(digest.corrections.map(({ kind, pmid, noticePmid }) => [kind, pmid, noticePmid])).toEqual([
      ['retraction', '2', '22'],
      ['concern', '1', null],
      ['erratum', '3', '31'],
      ['erratum', '3', '32'],
    ]);
    expect(digest.summary).toBe('No new papers; 1 retraction; 1 expression of concern; 2 errata');
  });
});
