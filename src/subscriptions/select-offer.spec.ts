import { isOffered, type Candidate, type OfferReader } from './select-offer.js';

const at = (text: string) => Date.parse(text);
const week = { kind: 'week' as const, key: '2026-W47', to: '2026-11-22' };
const day = { kind: 'day' as const, key: '2026-11-18', to: '2026-11-18' };
const paper = (given: Partial<Candidate> = {}): Candidate => ({
  pmid: '1',
  added: '2026-11-18',
  listedAt: at('2026-11-18T08:00:00Z'),
  issue: '2026-W47',
  ...given,
});
const reader = (given: Partial<OfferReader> = {}): OfferReader => ({
  confirmedAt: at('2026-10-01T00:00:00Z'),
  filters: [{ since: at('2026-10-01T00:00:00Z'), matches: new Set(['1']) }],
  sent: new Set(),
  ...given,
});
const NEWS_FROM = '2026-09-01';
const offered = (p: Partial<Candidate> = {}, r: Partial<OfferReader> = {}, period: typeof week | typeof day = week) =>
  isOffered(paper(p), reader(r), period, NEWS_FROM);

describe('a paper is offered', () => {
  it('when it is new and matches', () => {
    expect(offered()).toBe(true);
    expect(offered({}, {}, day)).toBe(true);
    expect(offered({}, { filters: [{ since: 0, matches: new Set() }] })).toBe(false);
  });

  it('once, ever', () => {
    expect(offered({}, { sent: new Set(['1']) })).toBe(false);
  });

  it('only when it was first listed after the confirmation', () => {
    expect(offered({}, { confirmedAt: at('2026-11-18T07:59:59Z') })).toBe(true);
    expect(offered({}, { confirmedAt: at('2026-11-18T08:00:00Z') })).toBe(false);
  });

  it('never when it was added before the news began, or after the period', () => {
    expect(isOffered(paper({ added: '2026-11-01' }), reader(), week, '2026-11-02')).toBe(false);
    expect(offered({ added: '2026-11-19' }, {}, day)).toBe(false);
  });

  it('in a weekly mail only once its issue is out', () => {
    expect(offered({ issue: null })).toBe(false);
    expect(offered({ issue: '2026-W48' })).toBe(false);
    expect(offered({ issue: '2026-W46' })).toBe(true);
    expect(offered({ issue: null }, {}, day)).toBe(true);
  });

  it('up to eight weeks after it was added, when it comes to match only later', () => {
    const early = { listedAt: at('2026-09-27T08:00:00Z'), issue: '2026-W39' };
    const since = { confirmedAt: at('2026-09-01T00:00:00Z'), filters: [{ since: 0, matches: new Set(['1']) }] };
    expect(offered({ ...early, added: '2026-09-27' }, since)).toBe(true);
    expect(offered({ ...early, added: '2026-09-26', listedAt: at('2026-09-26T08:00:00Z') }, since)).toBe(false);
  });

  it('when it is older but reached us only now', () => {
    expect(offered({ added: '2026-09-02', listedAt: at('2026-11-17T08:00:00Z') })).toBe(true);
  });

  describe('after a change of filters', () => {
    const change = at('2026-11-19T00:00:00Z');
    const versions = (before: string[], now: string[]) => ({
      filters: [
        { since: 0, matches: new Set(before) },
        { since: change, matches: new Set(now) },
      ],
    });
    const listedAfter = { listedAt: change, added: '2026-11-19' };

    it('for newly added values only when it was listed after the change', () => {
      expect(offered({}, versions([], ['1']))).toBe(false);
      expect(offered(listedAfter, versions([], ['1']))).toBe(true);
    });

    it('for values that were there before, as if nothing had changed', () => {
      expect(offered({}, versions(['1'], ['1']))).toBe(true);
    });

    it('never for values that were taken away', () => {
      expect(offered({}, versions(['1'], []))).toBe(false);
      expect(offered(listedAfter, versions(['1'], []))).toBe(false);
    });
  });
});
