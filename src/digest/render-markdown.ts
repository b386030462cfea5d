import type { Digest } from '../model/issue.js';
import { escapeMarkdown } from '../escape.js';
import { outlineDigest, type Entry, type Rendering } from './outline.js';

/** An address inside `<…>` of a Markdown link may hold anything but angle brackets and line breaks. */
const link = (text: string, url: string | null) =>
  url === null ? text : `[${text}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`;

const flagged = (entry: Entry) => entry.flags.map((flag) => `**${escapeMarkdown(flag)}:** `).join('');
const target = (entry: Entry) => entry.pubmed ?? entry.page;

function fullEntry(entry: Entry): string[] {
  const links = [
    entry.pubmed ? link('PubMed', entry.pubmed) : null,
    entry.doi ? link('DOI', entry.doi) : null,
    entry.fullText ? link('Full text', entry.fullText) : null,
    entry.page ? link('Why these tags', entry.page) : null,
  ].filter((part) => part !== null);
  const lines = [`**[${entry.number}]** ${flagged(entry)}${link(`**${escapeMarkdown(entry.title)}**`, target(entry))}`];
  if (entry.design) lines.push(escapeMarkdown(entry.design));
  if (entry.finding) lines.push(`*${escapeMarkdown(entry.finding)}*`);
  lines.push(escapeMarkdown(entry.citation));
  if (entry.tags.length > 0) lines.push(`Topics: ${entry.tags.map(escapeMarkdown).join(', ')}`);
  if (links.length > 0) lines.push(links.join(' · '));
  return lines.map((line, index) => `${index === 0 ? '- ' : '  '}${line}${index < lines.length - 1 ? '  ' : ''}`);
}

const lineEntry = (entry: Entry, indent = '') =>
  `${indent}- **[${entry.number}]** ${flagged(entry)}${link(escapeMarkdown(entry.title), target(entry))}${entry.brief ? ` (${escapeMarkdown(entry.brief)})` : ''}`;

/** A digest as Markdown (CommonMark). */
export function renderMarkdown(digest: Digest, rendering: Rendering): string {
  const outline = outlineDigest(digest, rendering);
  const lines = [`# ${escapeMarkdown(outline.title)}`, '', escapeMarkdown(outline.dates)];
  if (outline.filters !== null) lines.push('', `Only: ${escapeMarkdown(outline.filters)}`);
  lines.push('', `**${escapeMarkdown(outline.summary)}**`);
  for (const notice of outline.notices) lines.push('', `> ${escapeMarkdown(notice)}`);
  if (outline.pageUrl !== null) lines.push('', link('Read on the web', outline.pageUrl));

  if (outline.corrections.length > 0) {
    lines.push('', '## Corrections to earlier papers', '');
    for (const correction of outline.corrections) {
      const notice = correction.notice === null ? '' : ` (${link('notice', correction.notice)})`;
      const issue = correction.issue === null ? '' : `, was in ${correction.issue}`;
      lines.push(
        `- **${correction.heading}:** ${link(escapeMarkdown(correction.title), correction.url)}${notice}${issue}`,
      );
    }
  }
  if (outline.highlights.length > 0) {
    lines.push('', '## If you read only these', '');
    for (const entry of outline.highlights) lines.push(lineEntry(entry));
  }
  for (const section of outline.sections) {
    lines.push('', `## ${escapeMarkdown(section.label)}`);
    for (const group of section.groups) {
      if (group.label !== null) lines.push('', `### ${escapeMarkdown(group.label)}`);
      lines.push('');
      for (const entry of group.entries) {
        lines.push(...(entry.full ? fullEntry(entry) : [lineEntry(entry)]));
        for (const reply of entry.replies) lines.push(lineEntry(reply, '  '));
      }
    }
    if (section.seeAlso.length > 0)
      lines.push('', `See also ${section.seeAlso.map((number) => `\\[${number}\\]`).join(' ')}`);
  }
  lines.push('', '---', '', ...outline.footer.map((line) => `${escapeMarkdown(line)}  `));
  return `${lines.join('\n')}\n`;
}
