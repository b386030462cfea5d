import { randomBytes } from 'node:crypto';
import type { RecordIndex } from './record-index.js';
import { compileTerm } from './search-term.js';

/** A body before it goes out. */
export interface Payload {
  status: number;
  type: string;
  body: string;
}

export type Parameters = Readonly<Record<string, string>>;

export const XML = 'text/xml; charset=UTF-8';
export const JSON_TYPE = 'application/json; charset=UTF-8';
const PROLOG = '<?xml version="1.0" encoding="UTF-8" ?>\n';
const doctype = (root: string, dtd: string) =>
  `${PROLOG}<!DOCTYPE ${root} PUBLIC "-//NLM//DTD ${dtd}//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/${dtd.replace(/\D/g, '')}/${dtd.split(' ')[0]}.dtd">\n`;

/** What stands before the records of EFetch. */
export const RECORDS_PROLOG =
  '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n';

export const escapeXml = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/'/g, '&apos;');

/** The error answer of a utility in the format asked for. The service writes line breaks raw into its JSON, and so does this. */
export function errorAnswer(util: string, message: string, parameters: Parameters, status = 200): Payload {
  if (util === 'esearch' && parameters['retmode'] === 'json')
    return {
      status,
      type: JSON_TYPE,
      body: `{"header":{"type":"esearch","version":"0.3"},"esearchresult":{"ERROR":"${message.replace(/"/g, '\\"')}"}}\n`,
    };
  const [root, head] =
    util === 'esearch'
      ? ['eSearchResult', doctype('eSearchResult', 'esearch 20060628')]
      : util === 'epost'
        ? ['ePostResult', doctype('ePostResult', 'epost 20090526')]
        : ['eFetchResult', doctype('eEfetchResult', 'efetch 20131226')];
  return { status, type: XML, body: `${head}<${root}>\n\t<ERROR>${escapeXml(message)}</ERROR>\n</${root}>\n` };
}

/** The utilities, over one index. Searches of the last minutes are kept until they are made to expire. */
export class Utilities {
  private readonly histories = new Map<string, string[][]>();

  constructor(
    private readonly index: RecordIndex,
    /** A search lists only so many records. */
    private readonly ceiling: number,
  ) {}

  expireHistory(): void {
    this.histories.clear();
  }

  /** Null for a utility that is not here. */
  answer(util: string, parameters: Parameters): Payload | null {
    if (util === 'einfo') return this.einfo();
    if (util !== 'esearch' && util !== 'efetch' && util !== 'epost') return null;
    if (parameters['db'] !== 'pubmed')
      return errorAnswer(util, `Invalid db name specified: ${parameters['db'] ?? ''}`, parameters, 400);
    return util === 'esearch'
      ? this.esearch(parameters)
      : util === 'efetch'
        ? this.efetch(parameters)
        : this.epost(parameters);
  }

  private esearch(parameters: Parameters): Payload {
    const fail = (message: string) => errorAnswer('esearch', message, parameters);
    const { term = '', retmode, sort, usehistory } = parameters;
    if (term === '') return fail('Empty term and query_key - nothing todo');
    const retstart = countOf(parameters['retstart'], 0);
    const retmax = Math.min(countOf(parameters['retmax'], 20), 10_000);
    if (retstart >= this.ceiling)
      return fail(
        `Search Backend failed: Exception:\n'retstart' cannot be larger than ${this.ceiling - 1}. Only the first ${this.ceiling.toLocaleString('en-US')} records matching the query can be listed.`,
      );

    const compiled = compileTerm(term, this.index);
    const { phrasesNotFound, fieldsNotFound } = compiled;
    const pmids = this.index
      .inOrder(sort === 'pub_date' ? 'publication' : 'pmid')
      .filter((record) => compiled.matches(record))
      .map((record) => record.pmid);
    const page = pmids.slice(retstart, Math.min(retstart + retmax, this.ceiling));
    const history = usehistory === 'y' ? this.remember(parameters['WebEnv'], pmids) : null;
    const outputMessages = pmids.length === 0 ? ['No items found.'] : [];

    if (retmode === 'json')
      return json({
        header: { type: 'esearch', version: '0.3' },
        esearchresult: {
          count: String(pmids.length),
          retmax: String(page.length),
          retstart: String(retstart),
          ...(history ? { querykey: String(history.key), webenv: history.webEnv } : {}),
          idlist: page,
          translationset: [],
          querytranslation: term,
          ...(phrasesNotFound.length + fieldsNotFound.length > 0
            ? { errorlist: { phrasesnotfound: phrasesNotFound, fieldsnotfound: fieldsNotFound } }
            : {}),
          ...(outputMessages.length > 0
            ? { warninglist: { phrasesignored: [], quotedphrasesnotfound: [], outputmessages: outputMessages } }
            : {}),
        },
      });
    const elements = (tag: string, texts: readonly string[]) =>
      texts.map((text) => `<${tag}>${escapeXml(text)}</${tag}>\n`).join('');
    const list = (tag: string, inner: string) => (inner === '' ? '' : `<${tag}>\n${inner}</${tag}>`);
    return {
      status: 200,
      type: XML,
      body:
        `${doctype('eSearchResult', 'esearch 20060628')}<eSearchResult><Count>${pmids.length}</Count>` +
        `<RetMax>${page.length}</RetMax><RetStart>${retstart}</RetStart>` +
        (history ? `<QueryKey>${history.key}</QueryKey><WebEnv>${history.webEnv}</WebEnv>` : '') +
        `<IdList>\n${elements('Id', page)}</IdList><TranslationSet/><QueryTranslation>${escapeXml(term)}</QueryTranslation>` +
        list('ErrorList', elements('PhraseNotFound', phrasesNotFound) + elements('FieldNotFound', fieldsNotFound)) +
        list('WarningList', elements('OutputMessage', outputMessages)) +
        '</eSearchResult>\n',
    };
  }

  private efetch(parameters: Parameters): Payload {
    const asked = this.pmidsOf('efetch', parameters, 20);
    if (!Array.isArray(asked)) return asked;
    // PMIDs that do not exist are left out without a word.
    const records = asked.flatMap((pmid) => this.index.find(pmid) ?? []);
    return {
      status: 200,
      type: XML,
      body: `${RECORDS_PROLOG}<PubmedArticleSet>\n${records.map((record) => record.xml()).join('\n')}\n</PubmedArticleSet>`,
    };
  }

  private epost(parameters: Parameters): Payload {
    const asked = this.pmidsOf('epost', { id: parameters['id'] ?? '' }, 10_000);
    if (!Array.isArray(asked)) return asked;
    const { key, webEnv } = this.remember(parameters['WebEnv'], asked);
    return {
      status: 200,
      type: XML,
      body: `${doctype('ePostResult', 'epost 20090526')}<ePostResult>\n\t<QueryKey>${key}</QueryKey>\n\t<WebEnv>${webEnv}</WebEnv>\n</ePostResult>\n`,
    };
  }

  private einfo(): Payload {
    const dbinfo = { dbname: 'pubmed', menuname: 'PubMed', description: 'Stand-in', count: String(this.index.size) };
    return json({ header: { type: 'einfo', version: '0.3' }, einforesult: { dbinfo: [dbinfo] } });
  }

  /** The PMIDs that a request names, in a list or by a search's history; or the answer that refuses it. */
  private pmidsOf(util: string, parameters: Parameters, defaultMax: number): string[] | Payload {
    const retstart = countOf(parameters['retstart'], 0);
    const { WebEnv: webEnv, query_key: key } = parameters;
    if (webEnv !== undefined && key !== undefined) {
      const found = this.histories.get(webEnv)?.[Number(key) - 1];
      if (!found) return errorAnswer(util, `Unable to obtain query #${key}`, parameters);
      if (retstart >= this.ceiling)
        return errorAnswer(
          util,
          `Search backend cannot retrieve history data. Reason: Exception: 'retstart' cannot be larger than ${this.ceiling - 1}.`,
          parameters,
          400,
        );
      return found.slice(retstart, Math.min(retstart + countOf(parameters['retmax'], defaultMax), this.ceiling));
    }
    const ids = (parameters['id'] ?? '').split(/[\s,]+/).filter((id) => id !== '');
    if (ids.length === 0) return errorAnswer(util, 'Supplied id parameter is empty.', parameters);
    if (!ids.some((id) => /^[1-9]\d*$/.test(id)))
      return errorAnswer(util, 'ID list is empty! Possibly it has no correct IDs.', parameters, 400);
    return ids.slice(retstart, retstart + Math.min(countOf(parameters['retmax'], ids.length), 10_000));
  }

  private remember(known: string | undefined, pmids: string[]): { webEnv: string; key: number } {
    const webEnv = known !== undefined && this.histories.has(known) ? known : `MCID_${randomBytes(12).toString('hex')}`;
    const queries = this.histories.get(webEnv) ?? [];
    queries.push(pmids);
    this.histories.set(webEnv, queries);
    return { webEnv, key: queries.length };
  }
}

const json = (value: unknown): Payload => ({ status: 200, type: JSON_TYPE, body: JSON.stringify(value) });

const countOf = (text: string | undefined, otherwise: number) =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
