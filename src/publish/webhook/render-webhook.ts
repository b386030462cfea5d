import { describePaper, labelsOf } from '../../digest/describe-paper.js';
import { outlineDigest, type Rendering } from '../../digest/outline.js';
import { oneLine } from '../../escape.js';
import type { Digest, DigestPaper } from '../../model/issue.js';
import type { WebhookStyle } from '../../model/subscription.js';
import type { Letter } from '../../subscriptions/courier.js';

export interface WebhookSurroundings {
  taxonomy: Rendering['taxonomy'];
  publicUrl: string;
  now: number;
}

/** Receivers may refuse more than 20 kB (Standard Webhooks); this leaves room for headers. */
const LARGEST = 19_500;
/** Slack takes 50 blocks of 3,000 characters. */
const CHAT_PAPERS = 20;

/** The body of a post, in the shape that the receiver understands, always small enough: what is left out is counted. */
export function renderWebhook(letter: Letter, style: WebhookStyle, around: WebhookSurroundings): string {
  if (letter.kind === 'digest') {
    const render = { json: renderJson, slack: renderSlack, teams: renderTeams }[style];
    const most = style === 'json' ? letter.digest.papers.length : Math.min(CHAT_PAPERS, letter.digest.papers.length);
    for (let papers = most; ; papers = Math.floor(papers * 0.8)) {
      const body = JSON.stringify(render(letter, papers, around));
      if (Buffer.byteLength(body) <= LARGEST || papers === 0) return body;
    }
  }
  const name = oneLine(`${around.taxonomy.name} digest`);
  const text = `${name}: this webhook is set up. The next digest comes here.`;
  if (style === 'slack') return JSON.stringify({ text: slackText(text) });
  if (style === 'teams') return JSON.stringify(teamsCard([teamsText(text)], `${around.publicUrl}/digests`));
  return JSON.stringify({
    type: 'webhook.verify',
    timestamp: new Date(around.now).toISOString(),
    data: { message: text, links: { digests: `${around.publicUrl}/digests` } },
  });
}

type DigestLetter = Extract<Letter, { kind: 'digest' }>;

function renderJson({ digest, rendering }: DigestLetter, papers: number, { publicUrl, now }: WebhookSurroundings) {
  return {
    type: 'digest.issued',
    timestamp: new Date(now).toISOString(),
    data: {
      period: digest.week,
      complete: digest.complete,
      counts: digest.counts,
      papers: digest.papers.slice(0, papers).map((paper) => ({
        pmid: paper.pmid,
        title: oneLine(paper.title),
        study: paper.tags.study,
        conditions: paper.tags.condition,
        directions: paper.tags.direction,
        finding: paper.facts.finding,
        late: paper.late,
        links: { ...paper.links, page: `${publicUrl}/papers/${paper.pmid}` },
      })),
      corrections: digest.corrections
        .slice(0, 50)
        .map(({ kind, pmid, title, noticePmid }) => ({ kind, pmid, title: oneLine(title), noticePmid })),
      more: digest.papers.length - papers,
      links: { page: rendering.pageUrl },
    },
  };
}

/** Slack's mrkdwn: these three are its whole escaping; what could begin markup inside a link's text is taken out. */
const slackText = (text: string) => oneLine(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const slackLink = (text: string, url: string | null) =>
  url === null
    ? slackText(text)
    : `<${url.replace(/[<>|]/g, encodeURIComponent)}|${slackText(text).replace(/\|/g, '¦')}>`;

/** Teams reads Markdown in text blocks. */
const teamsText = (text: string) => oneLine(text).replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
const teamsLink = (text: string, url: string | null) =>
  url === null ? teamsText(text) : `[${teamsText(text)}](${url.replace(/[()<>\s]/g, encodeURIComponent)})`;

/** What a chat shows of a digest, line by line. */
function chatLines(
  { digest, rendering }: DigestLetter,
  papers: number,
  { taxonomy, publicUrl }: WebhookSurroundings,
  link: (text: string, url: string | null) => string,
  text: (text: string) => string,
) {
  const outline = outlineDigest(digest, { ...rendering, taxonomy, site: publicUrl });
  const label = labelsOf(taxonomy.facets);
  const line = (paper: DigestPaper) => {
    const words = describePaper(paper, taxonomy.facets, label);
    const before = words.flags.map((flag) => `${flag}: `).join('');
    const url = paper.links.pubmed ?? `${publicUrl}/papers/${paper.pmid}`;
    return { title: `${text(before)}${link(words.title, url)}`, below: text(words.design || words.citation) };
  };
  return {
    title: outline.title,
    summary: text([outline.dates, outline.filters === null ? null : `only: ${outline.filters}`, outline.summary].filter((part) => part !== null).join(' · ')), // prettier-ignore
    notices: outline.notices.map(text),
    corrections: outline.corrections.slice(0, 10).map((correction) => `${text(correction.heading)}: ${link(correction.title, correction.url)}`),
    papers: digest.papers.slice(0, papers).map(line),
    more: moreWords(digest, papers),
    disclaimer: text(digest.disclaimer),
  }; // prettier-ignore
}

const moreWords = (digest: Digest, papers: number): string | null =>
  digest.papers.length > papers ? `and ${digest.papers.length - papers} more` : null;

function renderSlack(letter: DigestLetter, papers: number, around: WebhookSurroundings) {
  const lines = chatLines(letter, papers, around, slackLink, slackText);
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: text.slice(0, 3000) } });
  const page = letter.rendering.pageUrl;
  return {
    text: `${slackText(lines.title)}: ${lines.summary}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: lines.title.slice(0, 150) } },
      section([lines.summary, ...lines.notices].join('\n')),
      ...(lines.corrections.length > 0 ? [section(lines.corrections.join('\n'))] : []),
      ...lines.papers.map(({ title, below }) => section(`${title}\n${below}`)),
      section([lines.more, page === null ? null : slackLink('Read on the web', page), lines.disclaimer].filter((part) => part !== null).join(' · ')), // prettier-ignore
    ],
  };
}

function teamsCard(blocks: readonly string[], url: string | null) {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: blocks.map((text, index) => ({
            type: 'TextBlock',
            text,
            wrap: true,
            ...(index === 0 ? { weight: 'Bolder', size: 'Medium' } : {}),
          })),
          ...(url === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Read on the web', url }] }),
        },
      },
    ],
  };
}

function renderTeams(letter: DigestLetter, papers: number, around: WebhookSurroundings) {
  const lines = chatLines(letter, papers, around, teamsLink, teamsText);
  return teamsCard(
    [
      teamsText(lines.title),
      lines.summary,
      ...lines.notices,
      ...lines.corrections,
      ...lines.papers.map(({ title, below }) => `${title}  \n${below}`),
      [lines.more, lines.disclaimer].filter((part) => part !== null).join(' · '),
    ],
    letter.rendering.pageUrl,
  );
}
