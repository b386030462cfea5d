/** What matters of a record to a test; days are `YYYY-MM-DD`. */
export interface RecordIdea {
  pmid: string;
  version?: number;
  title?: string;
  /** One unlabelled section, or several with labels. */
  abstract?: string | readonly { label: string; text: string }[];
  /** Create date: PubStatus `entrez`. */
  added?: string;
  /** PubStatus `pubmed`, which is `[edat]`. Default: as `added`. */
  entered?: string;
  /** PubStatus `medline`. Default: none, so that the record counts as not yet indexed. */
  indexed?: string;
  /** DateRevised. Default: as `added`. */
  revised?: string;
  /** PubDate: `2024`, `2024-07` or `2024-07-15`. Default: the year of `added`. */
  published?: string;
  journal?: string;
  authors?: readonly string[];
  mesh?: readonly string[];
  substances?: readonly string[];
  keywords?: readonly string[];
  publicationTypes?: readonly string[];
  doi?: string;
  /** CommentsCorrections: RefType and PMID. */
  related?: readonly { type: string; pmid?: string; source?: string }[];
}

/** A made-up PubMed record as EFetch writes it. Texts may hold inline markup and entities; they are put in as they are. */
export function aRecord(idea: RecordIdea): string {
  const { pmid, version = 1, added = '2024-06-30', title = `An invented record with the number ${pmid}.` } = idea;
  const { entered = added, revised = added, published = added.slice(0, 4), abstract = [] } = idea;
  const sections =
    typeof abstract === 'string'
      ? `<AbstractText>${abstract}</AbstractText>`
      : abstract.map(({ label, text }) => `<AbstractText Label="${label}">${text}</AbstractText>`).join('');
  const list = (tag: string, items: readonly string[] = []) =>
    items.length > 0 ? `<${tag}>${items.join('')}</${tag}>` : '';
  const history = { entrez: added, pubmed: entered, medline: idea.indexed };
  return [
    '<PubmedArticle>',
    `<MedlineCitation Status="${idea.indexed === undefined ? 'Publisher' : 'MEDLINE'}" Owner="NLM">`,
    `<PMID Version="${version}">${pmid}</PMID>`,
    `<DateRevised>${ymd(revised)}</DateRevised>`,
    '<Article PubModel="Print">',
    `<Journal><ISSN IssnType="Electronic">0000-0000</ISSN><JournalIssue CitedMedium="Internet"><Volume>1</Volume><PubDate>${ymd(published)}</PubDate></JournalIssue>`,
    `<Title>${idea.journal ?? 'Journal of Invented Results'}</Title><ISOAbbreviation>J Invent Res</ISOAbbreviation></Journal>`,
    `<ArticleTitle>${title}</ArticleTitle>`,
    sections === '' ? '' : `<Abstract>${sections}</Abstract>`,
    list(
      'AuthorList',
      idea.authors?.map(
        (family) => `<Author ValidYN="Y"><LastName>${family}</LastName><Initials>A</Initials></Author>`,
      ),
    ),
    '<Language>eng</Language>',
    list(
      'PublicationTypeList',
      (idea.publicationTypes ?? ['Journal Article']).map(
        (type) => `<PublicationType UI="D016428">${type}</PublicationType>`,
      ),
    ),
    '</Article>',
    '<MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>J Invent Res</MedlineTA><NlmUniqueID>0000000</NlmUniqueID></MedlineJournalInfo>',
    list(
      'ChemicalList',
      idea.substances?.map(
        (name) =>
          `<Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="C000000">${name}</NameOfSubstance></Chemical>`,
      ),
    ),
    list(
      'CommentsCorrectionsList',
      idea.related?.map(
        ({ type, pmid: other, source = 'J Invent Res. 2024' }) =>
          `<CommentsCorrections RefType="${type}"><RefSource>${source}</RefSource>${other === undefined ? '' : `<PMID Version="1">${other}</PMID>`}</CommentsCorrections>`,
      ),
    ),
    list(
      'MeshHeadingList',
      idea.mesh?.map(
        (name) => `<MeshHeading><DescriptorName UI="D000000" MajorTopicYN="N">${name}</DescriptorName></MeshHeading>`,
      ),
    ),
    idea.keywords === undefined
      ? ''
      : `<KeywordList Owner="NOTNLM">${idea.keywords.map((word) => `<Keyword MajorTopicYN="N">${word}</Keyword>`).join('')}</KeywordList>`,
    '</MedlineCitation>',
    '<PubmedData><History>',
    ...Object.entries(history).map(([status, day]) =>
      day === undefined
        ? ''
        : `<PubMedPubDate PubStatus="${status}">${ymd(day)}<Hour>6</Hour><Minute>0</Minute></PubMedPubDate>`,
    ),
    `</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">${pmid}</ArticleId>`,
    idea.doi === undefined ? '' : `<ArticleId IdType="doi">${idea.doi}</ArticleId>`,
    '</ArticleIdList></PubmedData>',
    '</PubmedArticle>',
  ].join('');
}

/** A date element's inside. */
function ymd(day: string): string {
  const [year, month, date] = day.split('-');
  return [
    `<Year>${year}</Year>`,
    month === undefined ? '' : `<Month>${month}</Month>`,
    date === undefined ? '' : `<Day>${date}</Day>`,
  ].join('');
}
