import { escapeHtml, oneLine } from '../../escape.js';
import { outlineDigest, type Density, type Entry, type Outline, type Rendering } from '../../digest/outline.js';
import { renderText } from '../../digest/render-text.js';
import { count } from '../../digest/summarise.js';
import type { Digest } from '../../model/issue.js';
import { TOKEN_MARK, fillShell, type MailBody, type Sender } from './mail-body.js';

/** Gmail clips a message's HTML at 102 kB; below this there is room for its footer and the tokens. */
const LARGEST_HTML = 95_000;

const DENSITIES: readonly Density[] = ['normal', 'tight', 'lines'];

const link = (text: string, url: string | null) => (url === null ? text : `<a href="${escapeHtml(url)}">${text}</a>`);
const flags = (entry: Entry) => entry.flags.map((flag) => `<span class="w">${escapeHtml(flag)}</span> · `).join('');
const number = (entry: Entry) => `<span class="n">${entry.number}&ensp;</span>`;
const brief = (entry: Entry) => (entry.brief ? ` <span class="k">${escapeHtml(entry.brief)}</span>` : '');

function entryHtml(entry: Entry): string {
  const title = link(escapeHtml(entry.title), entry.pubmed ?? entry.page);
  const replies = entry.replies
    .map((reply) => `<div class="r">↳ ${number(reply)}${flags(reply)}${replyTitle(reply)}${brief(reply)}</div>`)
    .join('');
  if (!entry.full) return `<div class="l">${number(entry)}${flags(entry)}${title}${brief(entry)}</div>${replies}`;
  const links = [
    entry.doi ? link('DOI', entry.doi) : null,
    entry.fullText ? link('Full text', entry.fullText) : null,
    entry.page ? link('Why these tags', entry.page) : null,
  ].filter((part) => part !== null);
  return (
    `<div class="p"><div class="t">${number(entry)}${flags(entry)}${title}</div>` +
    (entry.design ? `<div class="d">${escapeHtml(entry.design)}</div>` : '') +
    (entry.finding ? `<div class="f">${escapeHtml(entry.finding)}</div>` : '') +
    `<div class="c">${escapeHtml(entry.citation)}</div>` +
    `<div class="k">${[entry.tags.map(escapeHtml).join(', '), links.join(' · ')].filter(Boolean).join(' — ')}</div></div>${replies}`
  );
}

const replyTitle = (reply: Entry) => link(escapeHtml(reply.title), reply.pubmed ?? reply.page);

function contentHtml(outline: Outline): string {
  const parts = [
    `<h1 style="margin:0;font-size:24px;line-height:1.25">${escapeHtml(outline.title)}</h1>`,
    `<div class="d">${escapeHtml(outline.dates)}</div>`,
    outline.filters === null ? '' : `<div class="d">Only: ${escapeHtml(outline.filters)}</div>`,
    `<p style="margin:12px 0 0"><strong>${escapeHtml(outline.summary)}</strong></p>`,
    ...outline.notices.map((notice) => `<div class="note">${escapeHtml(notice)}</div>`),
    outline.pageUrl === null ? '' : `<p style="margin:8px 0 0">${link('Read on the web', outline.pageUrl)}</p>`,
  ];
  if (outline.corrections.length > 0) {
    const lines = outline.corrections.map((correction) => {
      const notice = correction.notice === null ? '' : ` (${link('notice', correction.notice)})`;
      const issue = correction.issue === null ? '' : `, was in ${escapeHtml(correction.issue)}`;
      return `<div class="l"><span class="w">${escapeHtml(correction.heading)}:</span> ${link(escapeHtml(correction.title), correction.url)}${notice}${issue}</div>`;
    });
    parts.push(`<div class="box"><h2 class="h2">Corrections to earlier papers</h2>${lines.join('')}</div>`);
  }
  if (outline.highlights.length > 0) {
    const lines = outline.highlights.map(
      (entry) =>
        `<div class="l">${number(entry)}${link(escapeHtml(entry.title), entry.pubmed ?? entry.page)}${brief(entry)}</div>`,
    );
    parts.push(`<div class="box"><h2 class="h2">If you read only these</h2>${lines.join('')}</div>`);
  }
  for (const section of outline.sections) {
    parts.push(`<h2 class="h2">${escapeHtml(section.label)}</h2>`);
    for (const group of section.groups) {
      if (group.label !== null) parts.push(`<h3 class="h3">${escapeHtml(group.label)}</h3>`);
      parts.push(...group.entries.map(entryHtml));
    }
    if (section.seeAlso.length > 0) parts.push(`<div class="l k">See also ${section.seeAlso.join(', ')}</div>`);
  }
  return parts.filter(Boolean).join('\n');
}

/** "Ketamine digest, week 47 of 2026: 12 papers, 1 retraction" */
export function digestSubject(digest: Digest, outline: Pick<Outline, 'title'>): string {
  const retractions = digest.corrections.filter((correction) => correction.kind === 'retraction').length;
  const others = digest.corrections.length - retractions;
  const parts = [
    digest.counts.papers > 0 ? count(digest.counts.papers, 'paper', 'papers') : null,
    retractions > 0 ? count(retractions, 'retraction', 'retractions') : null,
    digest.counts.papers === 0 && retractions === 0 && others > 0
      ? `${count(others, 'correction', 'corrections')} to earlier papers`
      : null,
  ].filter((part) => part !== null);
  return oneLine(`${outline.title}: ${parts.join(', ') || 'nothing new'}`);
}

/** What mail programs show beside the subject: the summary, then what matters most. */
function preheader(digest: Digest, outline: Outline): string {
  const first = outline.highlights[0] ?? outline.sections[0]?.groups[0]?.entries[0];
  return oneLine([digest.summary, first?.title].filter(Boolean).join(' — ')).slice(0, 240);
}

/**
 * The mail of a digest, the same for everybody with the same papers: only the token differs, and stands as a mark.
 * The longer the digest, the fewer papers are shown in full, so that no mail program clips it.
 */
export function renderDigestMail(digest: Digest, rendering: Rendering, sender: Sender): MailBody {
  const preferences = `${sender.publicUrl}/preferences/${TOKEN_MARK}`;
  const unsubscribe = `${sender.publicUrl}/unsubscribe/${TOKEN_MARK}`;
  let html = '';
  let density: Density = 'normal';
  let subject = '';
  for (density of DENSITIES) {
    const outline = outlineDigest(digest, rendering, density);
    subject = digestSubject(digest, outline);
    html = fillShell({
      title: escapeHtml(outline.title),
      preheader: escapeHtml(preheader(digest, outline)),
      content: contentHtml(outline),
      footer:
        outline.footer.map((line) => `<div class="d">${escapeHtml(line)}</div>`).join('') +
        `<div class="d" style="margin-top:12px"><a href="${escapeHtml(sender.publicUrl)}/preferences/${TOKEN_MARK}">Change or pause</a> · <a href="${escapeHtml(sender.publicUrl)}/unsubscribe/${TOKEN_MARK}">Unsubscribe</a></div>` +
        (sender.footer === null
          ? ''
          : `<div class="d" style="margin-top:12px">${escapeHtml(oneLine(sender.footer))}</div>`),
    });
    if (Buffer.byteLength(html) <= LARGEST_HTML) break;
  }
  const footer = ['', `Change or pause: ${preferences}`, `Unsubscribe: ${unsubscribe}`];
  if (sender.footer !== null) footer.push('', oneLine(sender.footer));
  return { subject, html, text: renderText(digest, rendering, { footer }, density), list: true };
}
