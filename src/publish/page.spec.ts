import { html } from './html.js';
import { renderPage, type Page } from './page.js';
import type { Site } from './site.js';

const site: Site = {
  name: 'Psilocybin',
  noun: 'psilocybin',
  publicUrl: 'https://tracker.example',
  demo: false,
  asOf: Date.parse('2026-11-24T10:05:00Z'),
  completeThrough: '2026-11-23',
  attribution: 'Courtesy of the U.S. National Library of Medicine',
  version: '1.2.3',
  assets: { url: (name) => `/assets/v/${name}` },
};
const page: Page = { title: 'Papers', path: '/papers?condition=ptsd&study=rct', body: html`<h1>Papers</h1>` };

describe('the page shell', () => {
  it('takes its names from the taxonomy: another drug has its own tracker', () => {
    const document = renderPage(page, site);
    expect(document).toContain('<title>Papers · Psilocybin literature</title>');
    expect(document).not.toMatch(/ketamin/i);
  });

  it('credits NLM, dates the data and is no medical advice', () => {
    const document = renderPage(page, site);
    expect(document).toContain('Courtesy of the U.S. National Library of Medicine');
    expect(document).toContain('<time datetime="2026-11-24T10:05:00.000Z">24 Nov 2026, 10:05 UTC</time>');
    expect(document).toContain('Not medical advice.');
    expect(renderPage(page, { ...site, asOf: null })).toContain('No complete sync yet.');
  });

  it('names its canonical address, escaped, and its feeds', () => {
    const feed = { title: 'PTSD', href: '/feeds/papers.atom?condition=ptsd&study=rct', type: 'application/atom+xml' };
    const document = renderPage({ ...page, feeds: [feed] }, site);
    expect(document).toContain(
      '<link rel="canonical" href="https://tracker.example/papers?condition=ptsd&amp;study=rct" />',
    );
    expect(document).toContain('href="/feeds/papers.atom?condition=ptsd&amp;study=rct"');
  });

  it('repeats no address that must stay private, and keeps it out of search engines', () => {
    const document = renderPage({ ...page, path: null }, site);
    expect(document).toContain('content="noindex"');
    expect(document).not.toMatch(/canonical|og:url/);
  });

  it('marks the place in the navigation', () => {
    expect(renderPage(page, site)).toContain('<a href="/papers" aria-current="page">Papers</a>');
    expect(renderPage({ ...page, path: '/papers/123' }, site)).toContain('<a href="/papers" aria-current="page">');
    expect(renderPage({ ...page, path: '/' }, site)).toContain('<a href="/" aria-current="page">');
  });

  it('says on every page of the demo that its records are fictional', () => {
    const demo = renderPage(page, { ...site, demo: true });
    expect(demo).toContain('Demo with fictional records.');
    expect(demo).toContain('The records of this demo are invented.');
    expect(demo).not.toContain(site.attribution);
    expect(renderPage(page, site)).not.toContain('fictional');
  });

  it('has no script and no style in the document itself, so that a strict policy holds', () => {
    const document = renderPage({ ...page, scripts: ['site.js'] }, site);
    expect(document).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  });
});
