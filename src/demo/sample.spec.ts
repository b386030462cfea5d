import { aRecord } from '../../test/support/a-record.js';
import { moveDates, readSampleRecords, SampleTimeline, WRITTEN_FOR } from './sample.js';

describe('dates of the sample records', () => {
  it('moves whole days exactly, over the end of a year', () => {
    const record = aRecord({ pmid: '99900001', added: '2026-11-25', published: '2026-12-30' });
    const moved = moveDates(record, 10);
    expect(moved).toContain('PubStatus="entrez"><Year>2026</Year><Month>12</Month><Day>05</Day>');
    expect(moved).toContain('<PubDate><Year>2027</Year><Month>01</Month><Day>09</Day></PubDate>');
  });

  it('keeps how a month is written, and moves a month without a day by its middle', () => {
    const date = (inside: string) => `<PubDate>${inside}</PubDate>`;
    expect(moveDates(date('<Year>2026</Year><Month>Nov</Month><Day>30</Day>'), 1)).toBe(
      date('<Year>2026</Year><Month>Dec</Month><Day>01</Day>'),
    );
    expect(moveDates(date('<Year>2026</Year><Month>Dec</Month>'), 31)).toBe(
      date('<Year>2027</Year><Month>Jan</Month>'),
    );
  });

  it('moves what is less than a month by whole years, and texts not at all', () => {
    const record =
      '<PubDate><Year>2019</Year></PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate><RefSource>J. 2026;3:2019-24</RefSource><AbstractText>Since 2019.</AbstractText>';
    expect(moveDates(record, 100)).toBe(record);
    const moved = moveDates(record, 400);
    expect(moved).toContain('<Year>2020</Year>');
    expect(moved).toContain('<MedlineDate>1999 Dec-2000 Jan</MedlineDate>');
    expect(moved).toContain('Since 2019.');
  });

  it('gives the same records for the same day', () => {
    const records = readSampleRecords();
    const on = (day: string) => new SampleTimeline(records, day).recordsOn(day);
    expect(on('2027-03-01')).toEqual(on('2027-03-01'));
    expect(on('2027-03-01')).toHaveLength(on(WRITTEN_FOR).length);
  });
});

describe('what PubMed serves on a day', () => {
  const first = aRecord({ pmid: '99900001', added: '2026-10-01', revised: '2026-10-05', title: 'As it came' });
  const later = aRecord({ pmid: '99900001', added: '2026-10-01', revised: '2026-11-02', title: 'As revised' });
  const other = aRecord({ pmid: '99900002', added: '2026-11-02', title: 'Another' });
  const titlesOn = (day: string) =>
    new SampleTimeline([later, other, first], WRITTEN_FOR)
      .recordsOn(day)
      .map((xml) => /<ArticleTitle>(.*?)</.exec(xml)?.[1]);

  it('shows a record from the day it was added, and its later states from the days of their revision', () => {
    expect(titlesOn('2026-09-30')).toEqual([]);
    expect(titlesOn('2026-10-01')).toEqual(['As it came']);
    expect(titlesOn('2026-11-01')).toEqual(['As it came']);
    expect(titlesOn('2026-11-02')).toEqual(['As revised', 'Another']);
  });

  it('tells only what is new or other since it was asked last', () => {
    const timeline = new SampleTimeline([later, other, first], WRITTEN_FOR);
    expect(timeline.newsOn('2026-10-01')).toEqual([first]);
    expect(timeline.newsOn('2026-11-01')).toEqual([]);
    expect(timeline.newsOn('2026-11-02')).toEqual([later, other]);
  });
});
