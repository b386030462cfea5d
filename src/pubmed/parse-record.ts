import type { AbstractSection, Author, Keyword, MeshHeading, OtherAbstractSection, Paper } from '../model/paper.js';
import { findImbalance } from './balanced.js';
import { historyInstant, publicationDate, wholeDate } from './dates.js';
import { doi as asDoi, orcid, trialNumbers } from './identifiers.js';
import { attribute, child, children, descendants, parseElement, text, type XmlNode } from './xml.js';

/** A record that cannot be a paper here, or could not be read. */
export interface RecordProblem {
  pmid: string | null;
  code: string;
  detail: string;
}

export type ParsedRecord = { kind: 'paper'; paper: Paper } | ({ kind: 'excluded' | 'unreadable' } & RecordProblem);

/** Texts beyond this are no titles and abstracts; a record with one is refused rather than cut. UTF-16 units. */
export const MAX_TEXT = 500_000;

const PMID = /^[1-9]\d{0,8}$/;

/** The PMID as it stands in a record's bytes, without parsing it. */
export const peekPmid = (xml: string): string | null => /<PMID\b[^>]*>\s*(\d{1,9})\s*<\/PMID>/.exec(xml)?.[1] ?? null;

/**
 * One `PubmedArticle` or `PubmedBookArticle` (NLM, PubMed DTD) as a Paper. Never throws: what cannot be a paper is
 * `excluded` with a code (`book-record`, `no-pmid`, `no-text`, `no-create-date`), what cannot be read `unreadable`.
 */
export function parseRecord(xml: string): ParsedRecord {
  const pmid = peekPmid(xml);
  if (xml.startsWith('<PubmedBookArticle'))
    return { kind: 'excluded', pmid, code: 'book-record', detail: 'A book or a chapter, not a journal article' };
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml))
    return { kind: 'unreadable', pmid, code: 'forbidden-markup', detail: 'The record declares entities' };
  if (!/<\/PubmedArticle\s*>\s*$/.test(xml))
    return { kind: 'unreadable', pmid, code: 'record-cut-short', detail: 'The record has no end' };
  const imbalance = findImbalance(xml);
  if (imbalance !== null)
    return {
      kind: 'unreadable',
      pmid,
      code: 'not-well-formed',
      detail: `The record's tags do not fit together at character ${imbalance}`,
    };
  try {
    const { rest, count } = withoutReferences(xml);
    return toPaper(child(parseElement(rest), 'PubmedArticle'), count);
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : 'not well-formed';
    return {
      kind: 'unreadable',
      pmid,
      code: 'not-well-formed',
      detail: `The record is not well-formed XML: ${detail}`,
    };
  }
}

function toPaper(record: XmlNode | undefined, referenceCount: number): ParsedRecord {
  const citation = child(record, 'MedlineCitation');
  const article = child(citation, 'Article');
  const data = child(record, 'PubmedData');
  const pmidNode = child(citation, 'PMID');
  const pmid = text(pmidNode) ?? '';
  if (!PMID.test(pmid)) return { kind: 'excluded', pmid: null, code: 'no-pmid', detail: 'The record has no PMID' };

  const title = text(child(article, 'ArticleTitle')) ?? '';
  const vernacularTitle = text(child(article, 'VernacularTitle'));
  const abstract = sections(child(article, 'Abstract'));
  const otherAbstracts = children(citation, 'OtherAbstract').flatMap(otherSections);
  if (title === '' && vernacularTitle === null && abstract.length === 0)
    return { kind: 'excluded', pmid, code: 'no-text', detail: 'The record has neither a title nor an abstract' };
  const longest = Math.max(
    title.length,
    vernacularTitle?.length ?? 0,
    ...abstract.map((s) => s.text.length),
    ...otherAbstracts.map((s) => s.text.length),
  );
  if (longest > MAX_TEXT)
    return {
      kind: 'excluded',
      pmid,
      code: 'text-too-long',
      detail: `A title or an abstract section has ${longest} characters`,
    };

  const history = descendants(data, 'History', 'PubMedPubDate').flatMap((node) => {
    const at = historyInstant(node);
    return at === null ? [] : [{ status: attribute(node, 'PubStatus') ?? '', at }];
  });
  const completedOn = wholeDate(child(citation, 'DateCompleted'));
  const created = (status: string) => history.find((entry) => entry.status === status)?.at.slice(0, 10);
  const added = created('entrez') ?? created('pubmed') ?? completedOn;
  if (!added)
    return {
      kind: 'excluded',
      pmid,
      code: 'no-create-date',
      detail: 'The record does not say when it was added to PubMed',
    };

  const ids = descendants(data, 'ArticleIdList', 'ArticleId').flatMap((node) => {
    const value = text(node);
    return value === null ? [] : [{ type: attribute(node, 'IdType') ?? '', value }];
  });
  const electronic = children(article, 'ELocationID').flatMap((node) => {
    const value = text(node);
    return value === null || attribute(node, 'ValidYN') === 'N'
      ? []
      : [{ type: attribute(node, 'EIdType') ?? '', value }];
  });
  const idOf = (list: { type: string; value: string }[], type: string) =>
    list.find((id) => id.type === type)?.value ?? null;
  const publicationTypes = descendants(article, 'PublicationTypeList', 'PublicationType').flatMap((node) => {
    const name = text(node);
    return name === null ? [] : [{ ui: attribute(node, 'UI'), name }];
  });
  const related = descendants(citation, 'CommentsCorrectionsList', 'CommentsCorrections').map((node) => ({
    type: attribute(node, 'RefType') ?? '',
    pmid: text(child(node, 'PMID')),
    text: text(child(node, 'RefSource')) ?? '',
  }));
  const refersTo = (...types: string[]) => related.some((other) => types.includes(other.type));
  const hasType = (ui: string, name: string) => publicationTypes.some((type) => type.ui === ui || type.name === name);
  const dataBanks = descendants(article, 'DataBankList', 'DataBank').map((node) => ({
    name: text(child(node, 'DataBankName')) ?? '',
    accessions: descendants(node, 'AccessionNumberList', 'AccessionNumber').flatMap((number) => text(number) ?? []),
  }));
  const texts = [title, vernacularTitle ?? '', ...abstract.map((s) => s.text), ...otherAbstracts.map((s) => s.text)];
  const banked = dataBanks.flatMap((bank) =>
    bank.accessions.flatMap((number) => trialNumbers(`${bank.name === 'EudraCT' ? 'EudraCT ' : ''}${number}`)),
  );

  const paper: Paper = {
    pmid,
    version: Number(attribute(pmidNode, 'Version') ?? '1') || 1,
    title,
    vernacularTitle,
    abstract,
    abstractCopyright: text(child(article, 'Abstract', 'CopyrightInformation')),
    otherAbstracts,
    authors: descendants(article, 'AuthorList', 'Author').map(author),
    authorsComplete: attribute(child(article, 'AuthorList'), 'CompleteYN') !== 'N',
    investigators: descendants(citation, 'InvestigatorList', 'Investigator').map(author),
    journal: journal(article, citation),
    published: publicationDate(child(article, 'Journal', 'JournalIssue', 'PubDate')),
    electronicOn:
      children(article, 'ArticleDate')
        .map(wholeDate)
        .find((date) => date !== null) ?? null,
    added,
    revisedOn: wholeDate(child(citation, 'DateRevised')),
    completedOn,
    history,
    doi: asDoi(idOf(ids, 'doi')) ?? asDoi(idOf(electronic, 'doi')),
    pmcid: idOf(ids, 'pmc'),
    otherIds: [...ids, ...electronic].filter(
      ({ type, value }, at, all) =>
        !['doi', 'pmc', 'pubmed'].includes(type) && all.findIndex((o) => o.type === type && o.value === value) === at,
    ),
    language: children(article, 'Language').flatMap((node) => text(node)?.toLowerCase() ?? []),
    publicationTypes,
    publicationModel: attribute(article, 'PubModel'),
    chemicals: descendants(citation, 'ChemicalList', 'Chemical').map((node) => ({
      ui: attribute(child(node, 'NameOfSubstance'), 'UI'),
      name: text(child(node, 'NameOfSubstance')) ?? '',
      registryNumber: text(child(node, 'RegistryNumber')),
    })),
    mesh: descendants(citation, 'MeshHeadingList', 'MeshHeading').map(heading),
    supplementaryMesh: descendants(citation, 'SupplMeshList', 'SupplMeshName').map((node) => ({
      ui: attribute(node, 'UI') ?? '',
      name: text(node) ?? '',
      type: attribute(node, 'Type') ?? '',
    })),
    keywords: children(citation, 'KeywordList').flatMap(keywords),
    geneSymbols: descendants(citation, 'GeneSymbolList', 'GeneSymbol').flatMap((node) => text(node) ?? []),
    trials: [...new Set([...banked, ...texts.flatMap(trialNumbers)])],
    dataBanks,
    grants: descendants(article, 'GrantList', 'Grant').map((node) => ({
      id: text(child(node, 'GrantID')),
      acronym: text(child(node, 'Acronym')),
      agency: text(child(node, 'Agency')),
      country: text(child(node, 'Country')),
    })),
    related,
    generalNotes: children(citation, 'GeneralNote').flatMap((node) => text(node) ?? []),
    citationStatus: attribute(citation, 'Status'),
    indexingMethod: attribute(citation, 'IndexingMethod'),
    publicationStatus: text(child(data, 'PublicationStatus')),
    conflictOfInterest: text(child(citation, 'CoiStatement')),
    referenceCount,
    status: {
      retracted: hasType('D016441', 'Retracted Publication') || refersTo('RetractionIn'),
      concern: refersTo('ExpressionOfConcernIn'),
      corrected: refersTo('ErratumIn', 'CorrectedandRepublishedIn', 'RepublishedIn'),
      updated: refersTo('UpdateIn'),
      preprint: hasType('D000076942', 'Preprint'),
    },
  };
  return { kind: 'paper', paper };
}

function sections(abstract: XmlNode | undefined): AbstractSection[] {
  return children(abstract, 'AbstractText').flatMap((node) => {
    const value = text(node);
    if (value === null) return [];
    return [{ label: attribute(node, 'Label') || null, text: value, category: attribute(node, 'NlmCategory') || null }];
  });
}

function otherSections(abstract: XmlNode): OtherAbstractSection[] {
  const language = attribute(abstract, 'Language')?.toLowerCase() ?? null;
  const type = attribute(abstract, 'Type') ?? 'Publisher';
  return sections(abstract).map(({ label, text: value }) => ({ language, type, label, text: value }));
}

/** Authors and investigators look alike. */
function author(node: XmlNode): Author {
  const collective = text(child(node, 'CollectiveName'));
  const [family, given, initials, suffix] = ['LastName', 'ForeName', 'Initials', 'Suffix'].map((name) =>
    text(child(node, name)),
  );
  const identifiers = children(node, 'Identifier').filter(
    (id) => (attribute(id, 'Source') ?? '').toUpperCase() === 'ORCID',
  );
  return {
    name: collective ?? [family, given ?? initials, suffix].filter((part) => part != null).join(' '),
    given: given ?? null,
    family: family ?? null,
    initials: initials ?? null,
    suffix: suffix ?? null,
    orcid: identifiers.map((id) => orcid(text(id))).find((id) => id !== null) ?? null,
    collective: collective !== null,
    valid: attribute(node, 'ValidYN') !== 'N',
    equalContribution: attribute(node, 'EqualContrib') === 'Y',
    affiliations: descendants(node, 'AffiliationInfo', 'Affiliation').flatMap((affiliation) => text(affiliation) ?? []),
  };
}

function journal(article: XmlNode | undefined, citation: XmlNode | undefined): Paper['journal'] {
  const node = child(article, 'Journal');
  const info = child(citation, 'MedlineJournalInfo');
  return {
    title: text(child(node, 'Title')) ?? text(child(info, 'MedlineTA')) ?? '',
    iso: text(child(node, 'ISOAbbreviation')),
    medline: text(child(info, 'MedlineTA')),
    issn: text(child(node, 'ISSN')),
    issnLinking: text(child(info, 'ISSNLinking')),
    nlmId: text(child(info, 'NlmUniqueID')),
    country: text(child(info, 'Country')),
    volume: text(child(node, 'JournalIssue', 'Volume')),
    issue: text(child(node, 'JournalIssue', 'Issue')),
    pages: text(child(article, 'Pagination', 'MedlinePgn')) ?? pagesFromBounds(child(article, 'Pagination')),
  };
}

function pagesFromBounds(pagination: XmlNode | undefined): string | null {
  const start = text(child(pagination, 'StartPage'));
  const end = text(child(pagination, 'EndPage'));
  return start !== null && end !== null && end !== start ? `${start}-${end}` : start;
}

function heading(node: XmlNode): MeshHeading {
  const descriptor = child(node, 'DescriptorName');
  const qualifiers = children(node, 'QualifierName').map((qualifier) => ({
    ui: attribute(qualifier, 'UI'),
    name: text(qualifier) ?? '',
    major: attribute(qualifier, 'MajorTopicYN') === 'Y',
  }));
  return {
    ui: attribute(descriptor, 'UI') ?? '',
    name: text(descriptor) ?? '',
    // NLM marks a heading as major on the descriptor or on one of its qualifiers
    major: attribute(descriptor, 'MajorTopicYN') === 'Y' || qualifiers.some((qualifier) => qualifier.major),
    qualifiers,
  };
}

function keywords(list: XmlNode): Keyword[] {
  const owner = attribute(list, 'Owner') ?? 'NOTNLM';
  return children(list, 'Keyword').flatMap((node) => {
    const value = text(node);
    return value === null ? [] : [{ text: value, major: attribute(node, 'MajorTopicYN') === 'Y', owner }];
  });
}

/**
 * A well-formed record without its reference lists, and how many references they hold: they may be most of it, and only
 * their number is kept. They are the last thing in a record, and may be nested in sections.
 */
function withoutReferences(xml: string): { rest: string; count: number } {
  const from = xml.indexOf('<ReferenceList', xml.indexOf('</MedlineCitation>'));
  const last = xml.lastIndexOf(LIST_END);
  if (from < 0 || last < from) return { rest: xml, count: 0 };
  const to = last + LIST_END.length;
  const count = xml.slice(from, to).match(/<Reference[\s/>]/g)?.length ?? 0;
  return { rest: xml.slice(0, from) + xml.slice(to), count };
}

const LIST_END = '</ReferenceList>';
