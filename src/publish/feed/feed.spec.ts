import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { SaxesParser } from 'saxes';
import { taxonomy } from '../../../test/support/a-digest.js';
import { aView } from '../../../test/support/a-view.js';
import { HARD_VIEWS } from '../../../test/support/hard-views.js';
import { labelsOf } from '../../digest/describe-paper.js';
import { latest, nameUuid, type Feed } from './feed.js';
import { renderFeed } from './formats.js';
import { paperEntry } from './paper-entry.js';

const around = {
  publicUrl: 'https://papers.example.org',
  facets: taxonomy.facets,
  label: labelsOf(taxonomy.facets),
  abstracts: true,
};
const views = Object.values(HARD_VIEWS);

function aFeed(given: Partial<Feed> = {}, surroundings = around): Feed {
  const entries = views.map((view) => paperEntry(view, '2026-11-20T10:00:00.000Z', surroundings));
  return {
    id: nameUuid('papers\ntest\n'),
    title: 'Ketamine literature: new papers (matching “a<b & c”)',
    subtitle: 'New papers & more.',
    rights: 'Courtesy of the U.S. National Library of Medicine.',
    homeUrl: 'https://papers.example.org/papers?condition=ptsd&study=rct',
    selfUrl: 'https://papers.example.org/feeds/papers.atom?condition=ptsd&study=rct',
    updated: latest(entries.map((entry) => entry.updated), ''),
    paging: {
      first: null,
      next: 'https://papers.example.org/feeds/papers.atom?cursor=x&y=z',
      current: null,
      prevArchive: 'https://papers.example.org/feeds/papers.atom?archive=2026-10',
      isArchive: false,
    },
    entries,
    ...given,
  }; // prettier-ignore
}

/** Reads strictly by the XML and namespace specifications. @throws at the first breach */
function elementsOf(text: string): string[] {
  const names: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => names.push(tag.name));
  parser.write(text).close();
  return names;
}

describe('Atom', () => {
  const text = renderFeed('atom', aFeed());

  it('is well-formed, and has no element that a title or abstract brought', () => {
    const known = new Set(['feed', 'id', 'title', 'subtitle', 'updated', 'rights', 'link', 'author', 'name', 'entry', 'published', 'category', 'summary', 'content', 'dc:date', 'dc:source', 'dc:identifier']); // prettier-ignore
    expect(elementsOf(text).filter((name) => !known.has(name))).toEqual([]);
  });

  it('has what RFC 4287 asks of a feed and of each entry', () => {
    const feed = parseAtomFeed(text);
    expect(feed.id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(feed.updated).toBe('2026-11-20T10:00:00.000Z');
    expect(feed.authors?.length).toBe(1);
    const links = new Map(feed.links?.map((link) => [link.rel, link.href]));
    expect(links.get('self')).toBe('https://papers.example.org/feeds/papers.atom?condition=ptsd&study=rct');
    expect(links.get('next')).toBe('https://papers.example.org/feeds/papers.atom?cursor=x&y=z');
    expect(links.get('prev-archive')).toBe('https://papers.example.org/feeds/papers.atom?archive=2026-10');
    expect(feed.entries).toHaveLength(views.length);
    const ids = new Set(feed.entries?.map((entry) => entry.id));
    expect(ids.size).toBe(views.length);
    for (const [index, entry] of (feed.entries ?? []).entries()) {
      expect(entry.id).toBe(`info:pmid/${views[index]!.pmid}`);
      expect(entry.published).toBe('2026-11-18T08:20:00.000Z');
      expect(entry.updated).toBe('2026-11-20T10:00:00.000Z');
      expect(entry.links?.filter((link) => link.rel === 'alternate')).toHaveLength(1);
      expect(entry.title).toBeTruthy();
    }
  });

  it('shows a hostile title as the text that it is', () => {
    const entry = parseAtomFeed(text).entries?.[Object.keys(HARD_VIEWS).indexOf('markup')];
    expect(entry?.title?.value).toBe('<script>alert(1)</script> ]]> &amp; <![CDATA[x]]> gnitrever \uFFFD end');
    expect(entry?.content?.value).not.toMatch(/<(script|img|svg)/);
    expect(entry?.content?.value).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });
});

describe('RSS', () => {
  const text = renderFeed('rss', aFeed());

  it('is well-formed and has what RSS 2.0 asks', () => {
    elementsOf(text);
    const feed = parseRssFeed(text);
    expect(feed.link).toBe('https://papers.example.org/papers?condition=ptsd&study=rct');
    expect(feed.description).toBe('New papers & more.');
    expect(feed.items).toHaveLength(views.length);
    for (const [index, item] of (feed.items ?? []).entries()) {
      expect(item.guid).toMatchObject({ value: `info:pmid/${views[index]!.pmid}`, isPermaLink: false });
      expect(Date.parse(String(item.pubDate))).toBe(Date.parse('2026-11-18T08:20:00Z'));
    }
    expect(feed.atom?.links?.map((link) => link.rel)).toEqual(['self', 'next', 'prev-archive']);
  });

  it('keeps authors, the journal date and the DOI in Dublin Core', () => {
    const item = parseRssFeed(text).items?.[Object.keys(HARD_VIEWS).indexOf('particles')];
    expect(text).toContain('<dc:creator>van der Berg Jan Q Jr</dc:creator>');
    expect(item?.dc?.dates).toContain('2026-11');
    expect(text).toContain('<dc:identifier>doi:10.5555/plain.1</dc:identifier>');
  });

  it('shows a hostile title as the text that it is', () => {
    const item = parseRssFeed(text).items?.[Object.keys(HARD_VIEWS).indexOf('markup')];
    expect(item?.title).toContain('<script>alert(1)</script>');
    expect(item?.description).not.toMatch(/<(script|img|svg)/);
    expect(item?.content?.encoded).not.toMatch(/<(script|img|svg)/);
  });
});

describe('JSON Feed', () => {
  it('has what version 1.1 asks', () => {
    const text = renderFeed('json', aFeed());
    const feed = parseJsonFeed(text);
    const plain = JSON.parse(text) as { version: string; next_url: string; items: { id: string; tags: string[] }[] };
    expect(plain.version).toBe('https://jsonfeed.org/version/1.1');
    expect(plain.next_url).toBe('https://papers.example.org/feeds/papers.atom?cursor=x&y=z');
    expect(feed.items).toHaveLength(views.length);
    expect(plain.items.every(({ id }) => id.startsWith('info:pmid/'))).toBe(true);
    expect(plain.items[Object.keys(HARD_VIEWS).indexOf('retracted')]?.tags.length).toBeGreaterThan(3);
  });
});

describe('the entry of a paper', () => {
  it('is dated by when it became visible, whatever its journal says', () => {
    const entry = paperEntry(aView({ published: { text: '2031 Jan', date: '2031-01' } }), null, around);
    expect(entry.published).toBe('2026-11-18T08:20:00.000Z');
    expect(entry.updated).toBe(entry.published);
    expect(entry.dc.date).toBe('2031-01');
    expect(entry.html).toContain('2031 Jan');
  });

  it('says that a paper is retracted, a preprint or late', () => {
    const entry = (view: (typeof HARD_VIEWS)[string]) => paperEntry(view, null, around);
    expect(entry(HARD_VIEWS['retracted']!).title).toMatch(/^\[Retracted\] /);
    expect(entry(HARD_VIEWS['retracted']!).html).toContain('has been retracted');
    expect(entry(HARD_VIEWS['preprint']!).title).toMatch(/^\[Preprint\] /);
    expect(entry(HARD_VIEWS['longWords']!).summary).toContain('Late: added to PubMed on 18 Nov 2026');
  });

  it('carries abstracts only where the setting lets it', () => {
    const view = aView({ facts: { finding: 'It worked.' } });
    expect(paperEntry(view, null, around).html).toContain('An abstract that no digest carries.');
    const bare = paperEntry(view, null, { ...around, abstracts: false });
    expect(JSON.stringify(bare)).not.toContain('An abstract that no digest carries.');
    expect(JSON.stringify(bare)).not.toContain('It worked.');
  });

  it('has the same id wherever it is served', () => {
    const here = paperEntry(aView(), null, around);
    const there = paperEntry(aView(), null, { ...around, publicUrl: 'http://127.0.0.1:3000' });
    expect(there.id).toBe(here.id);
  });

  it('links nowhere outside where links are off', () => {
    const entry = paperEntry(aView({ links: { pubmed: null, doi: null, fullText: null } }), null, around);
    expect(entry.sources).toEqual([]);
    expect(entry.html.match(/href="([^"]*)"/g)).toEqual(['href="https://papers.example.org/papers/90000001"']);
  });
});
