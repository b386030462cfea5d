import { aPaper } from '../../test/support/a-paper.js';
import { exchangeTags } from './tagged-view.js';
import { noFacts, noTags, type Facts, type Tags } from '../model/tag.js';
import { toView } from './to-view.js';

const tags: Tags = { ...noTags(), relevance: 'core', condition: ['ptsd'] };
const facts: Facts = { ...noFacts(), comparator: 'placebo' };
const viewOf = (title: string, own = { tags: noTags(), facts: noFacts() }): string =>
  JSON.stringify(toView(aPaper({ pmid: '1', title }), { listedAt: 0, late: false, gone: false, ...own }));

describe('exchanging tags in a stored view', () => {
  it('changes tags and facts and nothing else', () => {
    const { view, changed } = exchangeTags(viewOf('A'), tags, facts);
    expect(JSON.parse(view)).toEqual({ ...(JSON.parse(viewOf('A')) as object), tags, facts });
    expect(changed).toEqual(['tags.relevance', 'tags.condition', 'facts.comparator']);
  });

  it('gives back the same text when nothing changed', () => {
    const before = viewOf('A', { tags, facts });
    expect(exchangeTags(before, structuredClone(tags), structuredClone(facts))).toEqual({ view: before, changed: [] });
  });

  it('is not misled by a title that looks like a member', () => {
    const title = 'A ,"tags":{"relevance":"x"},"facts":{},"status":{ title \\",\\"tags\\":{';
    const { view } = exchangeTags(viewOf(title), tags, facts);
    expect(JSON.parse(view)).toMatchObject({ title, tags, facts, status: { gone: false } });
  });
});
