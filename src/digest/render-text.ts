import type { Digest } from '../model/issue.js';
import { outlineDigest, type Density, type Entry, type Rendering } from './outline.js';

/** RFC 2822 recommends at most 78 columns; two are left for a quoting reply. */
const WIDTH = 76;

/** Breaks a line at spaces; a longer word, such as an address, stays whole. Columns are counted in code points. */
export function wrap(text: string, indent = '', first = indent): string[] {
  const lines: string[] = [];
  let line = first;
  let used = false;
  for (const word of text.split(' ')) {
    if (used && [...line].length + 1 + [...word].length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line += (used ? ' ' : '') + word;
    used = true;
  }
  lines.push(line);
  return lines;
}

const flagged = (entry: Entry) => entry.flags.map((flag) => `${flag.toUpperCase()}: `).join('');

function fullEntry(entry: Entry): string[] {
  const number = `[${entry.number}] `;
  const indent = ' '.repeat(number.length);
  return [
    ...wrap(flagged(entry) + entry.title, indent, number),
    ...(entry.design ? wrap(entry.design, indent) : []),
    ...(entry.finding ? wrap(`> ${entry.finding}`, `${indent}  `, indent) : []),
    ...wrap(entry.citation, indent),
    ...(entry.tags.length > 0 ? wrap(`Topics: ${entry.tags.join(', ')}`, indent) : []),
    ...[entry.pubmed ?? entry.page, entry.doi, entry.fullText ? `Full text: ${entry.fullText}` : null].flatMap(
      (link) => (link === null ? [] : [indent + link]),
    ),
  ];
}

function lineEntry(entry: Entry, indent = ''): string[] {
  const number = `${indent}[${entry.number}] `;
  const below = ' '.repeat(number.length);
  const brief = entry.brief ? ` (${entry.brief})` : '';
  const link = entry.pubmed ?? entry.page;
  return [...wrap(`${flagged(entry)}${entry.title}${brief}`, below, number), ...(link === null ? [] : [below + link])];
}

const underlined = (text: string, mark: string) => [text, mark.repeat(Math.min(WIDTH, [...text].length))];

function section(outline: ReturnType<typeof outlineDigest>['sections'][number]): string[] {
  const lines = underlined(outline.label.toUpperCase(), '-');
  for (const group of outline.groups) {
    lines.push('');
    if (group.label !== null) lines.push(`* ${group.label}`, '');
    group.entries.forEach((entry, index) => {
      const previous = group.entries[index - 1];
      if (previous && (entry.full || previous.full || previous.replies.length > 0)) lines.push('');
      lines.push(...(entry.full ? fullEntry(entry) : lineEntry(entry)));
      for (const reply of entry.replies) lines.push('', ...lineEntry(reply, '    Re: '));
    });
  }
  if (outline.seeAlso.length > 0)
    lines.push('', ...wrap(`See also ${outline.seeAlso.map((number) => `[${number}]`).join(' ')}`));
  return lines;
}

/** Lines that a mail adds around a digest: how to change or end it. */
export interface TextFrame {
  footer: readonly string[];
}

/** A digest as plain text, 76 columns; what it says is what the page and the mail say. */
export function renderText(digest: Digest, rendering: Rendering, frame?: TextFrame, density?: Density): string {
  const outline = outlineDigest(digest, rendering, density);
  const lines: string[] = [...underlined(outline.title.toUpperCase(), '=')];
  lines.push(outline.dates);
  if (outline.filters !== null) lines.push(...wrap(`Only: ${outline.filters}`, '      ', ''));
  lines.push('', ...wrap(outline.summary));
  for (const notice of outline.notices) lines.push('', ...wrap(`(!) ${notice}`, '    ', ''));
  if (outline.pageUrl !== null) lines.push('', `Read on the web: ${outline.pageUrl}`);

  if (outline.corrections.length > 0) {
    lines.push('', '', ...underlined('CORRECTIONS TO EARLIER PAPERS', '-'));
    for (const correction of outline.corrections) {
      const issue = correction.issue === null ? '' : ` (was in ${correction.issue})`;
      lines.push('', ...wrap(`${correction.heading.toUpperCase()}: ${correction.title}${issue}`));
      if (correction.url !== null) lines.push(`    ${correction.url}`);
      if (correction.notice !== null) lines.push(`    Notice: ${correction.notice}`);
    }
  }
  if (outline.highlights.length > 0) {
    lines.push('', '', ...underlined('IF YOU READ ONLY THESE', '-'));
    for (const entry of outline.highlights) {
      const number = `[${entry.number}] `;
      const brief = entry.brief ? `${entry.brief}: ` : '';
      lines.push('', ...wrap(`${brief}${flagged(entry)}${entry.title}`, ' '.repeat(number.length), number));
    }
  }
  for (const part of outline.sections) lines.push('', '', ...section(part));

  lines.push('', '', '-- ');
  for (const line of [...outline.footer, ...(frame?.footer ?? [])]) lines.push(...wrap(line));
  return `${lines.join('\n')}\n`;
}
