import { oneLine } from '../../escape.js';
import type { PaperView } from '../../model/paper-view.js';
import { citationOf, type CitedAuthor } from './citation.js';

type CslName = { literal: string } | { family: string; given?: string; suffix?: string };

function nameOf(author: CitedAuthor): CslName {
  if (author.collective) return { literal: author.name };
  return {
    family: author.family,
    ...(author.given ? { given: author.given } : {}),
    ...(author.suffix ? { suffix: author.suffix } : {}),
  };
}

/** PubMed's codes of the commonest languages as CSL wants them (ISO 639-1). */
const LANGUAGES: Record<string, string> = {
  eng: 'en', ger: 'de', fre: 'fr', spa: 'es', ita: 'it', por: 'pt', rus: 'ru', chi: 'zh', jpn: 'ja', kor: 'ko', pol: 'pl',
  dut: 'nl', tur: 'tr', cze: 'cs', hun: 'hu', per: 'fa', heb: 'he', ara: 'ar', dan: 'da', nor: 'no', swe: 'sv', fin: 'fi',
}; // prettier-ignore

function languageOf([code]: readonly string[]): string | undefined {
  return code === undefined ? undefined : (LANGUAGES[code] ?? code);
}

/** Leaves out what is not known: CSL has no null. */
const known = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );

/** One paper as a CSL-JSON item (citeproc, pandoc, Zotero). */
export function renderCsl(paper: PaperView): string {
  const citation = citationOf(paper);
  const { journal } = paper;
  const text = oneLine(paper.published.text);
  return JSON.stringify(
    known({
      id: paper.pmid,
      type: citation.preprint ? 'article' : 'article-journal',
      title: citation.title,
      'original-title': paper.title && paper.vernacularTitle ? oneLine(paper.vernacularTitle) : undefined,
      author: citation.authors.length > 0 ? citation.authors.map(nameOf) : undefined,
      issued: citation.date.length > 0 ? { 'date-parts': [citation.date] } : text ? { literal: text } : undefined,
      'container-title': oneLine(journal.title),
      'container-title-short': journal.iso && oneLine(journal.iso),
      volume: journal.volume,
      issue: journal.issue,
      page: citation.pages && [citation.pages.first, citation.pages.last].filter(Boolean).join('-'),
      DOI: paper.doi,
      PMID: paper.pmid,
      PMCID: paper.pmcid,
      ISSN: journal.issn,
      URL: citation.url,
      language: languageOf(paper.language),
      keyword: citation.keywords.join(', '),
      note: citation.notes.join('. '),
      abstract: citation.abstract,
      source: 'PubMed',
    }),
  );
}
