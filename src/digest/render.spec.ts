import { aDigest, taxonomy } from '../../test/support/a-digest.js';
import { aView, authors } from '../../test/support/a-view.js';
import { aWeek } from '../../test/support/a-week.js';
import type { Correction } from '../model/issue.js';
import { dateSpan, type Rendering } from './outline.js';
import { renderHtml } from './render-html.js';
import { renderMarkdown } from './render-markdown.js';
import { renderText } from './render-text.js';

const rendering: Rendering = {
  taxonomy,
  filters: 'PTSD',
  asOf: '2026-11-23T08:20:00.000Z',
  pageUrl: 'https://tracker.example/digests/2026-W47',
  site: 'https://tracker.example',
};
const RENDERERS = { text: renderText, markdown: renderMarkdown, html: renderHtml };
const HOSTILE = '<script>alert(1)</script> [x](javascript:alert(1)) **b** \r\nBcc: all@x.example \u202Egpj.exe &lt;';

describe.each(Object.entries(RENDERERS))('a digest as %s', (format, render) => {
  it('names every paper of a full week, and what a reader needs of the best', () => {
    const digest = aDigest({ papers: aWeek(60) });
    const output = render(digest, rendering).replace(/\s+/g, ' ');
    for (const paper of digest.papers) expect(output).toContain(`/${paper.pmid}`);
    for (const part of [
      'Ketamine digest, week 47 of 2026',
      '16–22 November 2026',
      'Only: PTSD',
      'Treatment-resistant depression',
      'Formulations',
      'Randomised trial · 433 participants · vs quetiapine · 56 or 84 mg twice weekly, intranasal',
      'More patients were in remission at week 8',
      'J Fict Psychiatry, 2026 Nov',
      'Not medical advice.',
      'courtesy of the U.S. National Library of Medicine',
      'Data as of 2026-11-23 08:20 UTC',
    ])
      expect(output.toLowerCase()).toContain(part.toLowerCase());
  });

  it('shows few papers in full and many mostly as one line', () => {
    const findings = (count: number) =>
      render(aDigest({ papers: aWeek(count) }), rendering)
        .replace(/\s+/g, ' ')
        .match(/Half of the patients/g)?.length ?? 0;
    expect(findings(12)).toBe(1);
    expect(findings(60)).toBeLessThan(3);
    const long = render(aDigest({ papers: aWeek(60) }), rendering);
    const inFull = long.match(/Topics: |class="tags"/g)?.length ?? 0;
    expect(inFull).toBeGreaterThan(12);
    expect(inFull).toBeLessThan(35);
  });

  it('puts what has no direction under "Other" only where it comes after a direction', () => {
    const paper = (pmid: string, study: string, direction: string[]) =>
      aView({ pmid, title: `Title ${pmid}`, tags: { study, condition: ['ptsd'], direction } });
    const first = aDigest({ papers: [paper('1', 'rct', []), paper('2', 'observational', ['biomarkers'])] });
    const later = aDigest({ papers: [paper('1', 'observational', []), paper('2', 'rct', ['biomarkers'])] });
    expect(first.sections[0]?.groups.map(({ direction }) => direction)).toEqual([null, 'biomarkers']);
    expect(render(first, rendering)).not.toContain('Other');
    expect(later.sections[0]?.groups.map(({ direction }) => direction)).toEqual(['biomarkers', null]);
    expect(render(later, rendering)).toContain('Other');
  });

  it('says in one line that an issue is incomplete, open or a look back', () => {
    const flat = (given: Parameters<typeof aDigest>[0]) => render(aDigest(given), rendering).replace(/\s+/g, ' ');
    expect(flat({ complete: false, completeThrough: '2026-11-19' })).toMatch(/Incomplete: .*2026.11.19/);
    expect(flat({ state: 'open', complete: false })).toContain('still open');
    expect(flat({ state: 'retrospective' })).toContain('look back');
    expect(flat({})).not.toMatch(/Incomplete|still open|look back/);
  });

  it('lists corrections with what they are about and where it was news', () => {
    const corrections: Correction[] = [
      { kind: 'retraction', pmid: '80000001', title: 'Too good to be true.', noticePmid: '80000002', seenAt: '2026-11-20T00:00:00.000Z', issue: '2026-W12' },
    ]; // prettier-ignore
    const output = render(aDigest({ corrections }), rendering);
    expect(output.toLowerCase()).toContain('retracted');
    for (const part of ['Too good to be true', '/papers/80000001', '/papers/80000002', '2026-W12'])
      expect(output).toContain(part);
  });

  it('flags what is retracted, late, a preprint or not in English', () => {
    const paper = aView({ late: true, language: ['fre'], status: { retracted: true, preprint: true } });
    const output = render(aDigest({ papers: [paper] }), rendering).toLowerCase();
    for (const flag of ['retracted', 'late', 'preprint', 'in french']) expect(output).toContain(flag);
  });

  it('gives no markup, no line break and no hidden mark of a title to the page', () => {
    const paper = aView({
      title: HOSTILE,
      authors: [{ ...authors(1)[0]!, name: HOSTILE, family: HOSTILE }],
      journal: { ...aView().journal, iso: HOSTILE },
      facts: {
        finding: HOSTILE,
        comparator: HOSTILE,
        doses: [{ text: HOSTILE, value: 1, unit: HOSTILE, route: null }],
      },
      links: { pubmed: 'javascript:alert(1)', doi: 'https://doi.org/10.1/"><script>', fullText: 'data:text/html,x' },
      tags: { condition: ['<b>'] },
    });
    const corrections: Correction[] = [
      { kind: 'erratum', pmid: '1', title: HOSTILE, noticePmid: null, seenAt: '2026-11-20T00:00:00.000Z', issue: null },
    ];
    const output = render(aDigest({ papers: [paper], corrections }), { ...rendering, filters: HOSTILE });
    expect(output).not.toContain('\u202E');
    expect(output).not.toMatch(/^Bcc:/m);
    if (format === 'html') expect(output).not.toMatch(/<script|<b>|href="(javascript|data):/);
    if (format === 'markdown')
      expect(output).not.toMatch(/(^|[^\\])<script|(^|[^\\])\[x|(^|[^\\])\*\*b|[^\\]\]\(<?(javascript|data):/);
  });

  it('can be rendered with nothing in it', () => {
    expect(render(aDigest({}), rendering)).toContain('No new papers');
  });
});

describe('a digest as plain text', () => {
  it('stays within 76 columns but for addresses', () => {
    const lines = renderText(aDigest({ papers: aWeek(60) }), rendering).split('\n');
    expect(lines.filter((line) => [...line].length > 76 && !line.includes('://'))).toEqual([]);
  });

  it('can be read from top to bottom', () => {
    const comment = aView({ pmid: '90000099', title: 'A letter.', authors: authors(1), related: [{ type: 'CommentOn', pmid: '90000002', text: '' }], tags: { study: 'commentary' } }); // prettier-ignore
    const papers = [...aWeek(2), comment];
    expect(renderText(aDigest({ papers, usual: { median: 3, weeks: 12 } }), { ...rendering, filters: null }))
      .toBe(`KETAMINE DIGEST, WEEK 47 OF 2026
================================
16–22 November 2026

3 papers, usual 3; 1 meta-analysis, 1 randomised trial

Read on the web: https://tracker.example/digests/2026-W47


DEPRESSION
----------

See also [2]


TREATMENT-RESISTANT DEPRESSION
------------------------------

* Formulations

[1] Esketamine nasal spray versus quetiapine augmentation after two failed
    antidepressants: a randomised, rater-blinded trial over 32 weeks
    Randomised trial · 412 participants · vs quetiapine · 56 or 84 mg twice
    weekly, intranasal
    > More patients were in remission at week 8 with esketamine (29%) than
      with quetiapine (18%), and fewer relapsed by week 32.
    Abara A. J Fict Psychiatry, 2026 Nov
    Topics: Treatment-resistant depression, Intranasal
    https://pubmed.ncbi.nlm.nih.gov/90000001/
    https://doi.org/10.9999/fict.2026.101
    Full text: https://pmc.ncbi.nlm.nih.gov/articles/PMC90000001/


PTSD
----

* New conditions

[2] Repeated intravenous ketamine for chronic post-traumatic stress disorder
    in veterans: individual-patient-data meta-analysis of nine trials
    Meta-analysis · 611 participants · 0.5 mg/kg over 40 min, intravenous
    > Symptom scores fell by 4.1 points more than with midazolam at 24
      hours, but the difference was gone by week 4 (certainty: low).
    Cruz-Lindqvist G et al. Fict Lancet Mind, 2026 Nov
    Topics: Depression, PTSD, Veterans and military
    https://pubmed.ncbi.nlm.nih.gov/90000002/

    Re: [3] A letter (Commentary)
            https://pubmed.ncbi.nlm.nih.gov/90000099/


-- 
Not medical advice.
Records courtesy of the U.S. National Library of Medicine.
Data as of 2026-11-23 08:20 UTC.
`);
  });
});

describe('dates', () => {
  it('are written once where month or year are the same', () => {
    expect(dateSpan('2026-11-16', '2026-11-22')).toBe('16–22 November 2026');
    expect(dateSpan('2026-11-30', '2026-12-06')).toBe('30 November – 6 December 2026');
    expect(dateSpan('2026-12-28', '2027-01-03')).toBe('28 December 2026 – 3 January 2027');
    expect(dateSpan('2026-11-22', '2026-11-22')).toBe('22 November 2026');
  });
});
