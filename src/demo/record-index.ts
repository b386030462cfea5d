/** Fields that a search can name: dates, the texts, NLM's headings. */
export type DateField = 'crdt' | 'edat' | 'mhda' | 'lr' | 'dp';
export type TextField = 'ti' | 'tiab' | 'all';
export type HeadingField = 'mh' | 'nm';

/** What a phrase is looked up in. Clones of a record share one, so that 30,000 of them are searched like one. */
interface RecordText {
  /** Lower-case words with one space between, a bar between texts, so that a phrase never crosses from one to the next. */
  words: Record<TextField, string>;
  headings: Record<HeadingField, ReadonlySet<string>>;
}

export interface IndexedRecord {
  pmid: string;
  /** `YYYY/MM/DD`, so that they compare as text. */
  dates: Record<DateField, string>;
  text: RecordText;
  xml(): string;
}

/** `PubmedArticle` and `PubmedBookArticle` elements of an XML text, each whole. */
export function splitRecords(xml: string): string[] {
  return xml.match(/<(PubmedArticle|PubmedBookArticle)>[\s\S]*?<\/\1>/g) ?? [];
}

/** Reads what a search needs from one record's XML. @throws Error when it has no PMID */
export function indexRecord(xml: string): IndexedRecord {
  const pmid = /<PMID[^>]*>(\d+)<\/PMID>/.exec(xml)?.[1];
  if (pmid === undefined) throw new Error('A record without PMID cannot be served.');
  const texts = (tag: string) =>
    [...xml.matchAll(new RegExp(`<${tag}(?:\\s[^>]*)?>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, inner]) =>
      plain(inner ?? ''),
    );
  const history = (status: string) =>
    dayOf(new RegExp(`<PubMedPubDate PubStatus="${status}">([\\s\\S]*?)</PubMedPubDate>`).exec(xml)?.[1]);

  const dp = dayOf(/<PubDate>([\s\S]*?)<\/PubDate>/.exec(xml)?.[1]) ?? '1800/01/01';
  const crdt = history('entrez') ?? history('pubmed') ?? dayOf(block(xml, 'DateCompleted')) ?? dp;
  const edat = history('pubmed') ?? crdt;
  const title = texts('ArticleTitle');
  const inTitleAbstract = [...title, ...texts('BookTitle'), ...texts('AbstractText'), ...texts('Keyword')];
  const [mh, nm] = [texts('DescriptorName'), texts('NameOfSubstance')];
  return {
    pmid,
    // Until a record is indexed its MeSH date is its Entrez date; a record never revised counts as revised when added.
    dates: { crdt, edat, mhda: history('medline') ?? edat, lr: dayOf(block(xml, 'DateRevised')) ?? crdt, dp },
    text: {
      words: {
        ti: wordsOf(title),
        tiab: wordsOf(inTitleAbstract),
        all: wordsOf([...inTitleAbstract, ...mh, ...nm, ...texts('LastName'), ...texts('Title')]),
      },
      headings: { mh: new Set(mh.map(folded)), nm: new Set(nm.map(folded)) },
    },
    xml: () => xml,
  };
}

/**
 * The same record under another PMID, added, indexed and revised on another day. Its XML is made when it is asked for:
 * 25,000 clones cost next to nothing.
 */
export function cloneRecord(source: IndexedRecord, pmid: string, day: string): IndexedRecord {
  const [year, month, date] = day.split('/');
  const when = `<Year>${year}</Year><Month>${Number(month)}</Month><Day>${Number(date)}</Day>`;
  return {
    pmid,
    dates: { ...source.dates, crdt: day, edat: day, mhda: day, lr: day },
    text: source.text,
    xml: () =>
      source
        .xml()
        .replaceAll(`>${source.pmid}<`, `>${pmid}<`)
        .replace(
          /(<PubMedPubDate PubStatus="(?:entrez|pubmed|medline)">)[\s\S]*?(<Hour>|<\/PubMedPubDate>)/g,
          `$1${when}$2`,
        )
        .replace(/(<DateRevised>)[\s\S]*?(<\/DateRevised>)/, `$1${when}$2`),
  };
}

/** A phrase or heading as it stands in a search, and which records say it. */
interface Lookup {
  says(text: RecordText): boolean;
  hits: Set<RecordText>;
}

/** The records that are served, and for each phrase ever searched for which texts hold it. */
export class RecordIndex {
  private readonly records = new Map<string, IndexedRecord>();
  private readonly hidden = new Set<string>();
  /** How many records share a text. */
  private readonly texts = new Map<RecordText, number>();
  private readonly lookups = new Map<string, Lookup>();
  private sorted: { byPmid: IndexedRecord[]; byPublication: IndexedRecord[] } | null = null;

  get size(): number {
    return this.records.size;
  }

  /** Adds a record, or replaces the one of that PMID. */
  put(record: IndexedRecord): void {
    this.remove(record.pmid);
    this.records.set(record.pmid, record);
    const shared = this.texts.get(record.text) ?? 0;
    this.texts.set(record.text, shared + 1);
    if (shared === 0)
      for (const lookup of this.lookups.values()) if (lookup.says(record.text)) lookup.hits.add(record.text);
    this.sorted = null;
  }

  remove(pmid: string): void {
    const record = this.records.get(pmid);
    if (!record) return;
    this.records.delete(pmid);
    const shared = this.texts.get(record.text) ?? 1;
    if (shared > 1) this.texts.set(record.text, shared - 1);
    else {
      this.texts.delete(record.text);
      for (const lookup of this.lookups.values()) lookup.hits.delete(record.text);
    }
    this.sorted = null;
  }

  /** Hidden records are in neither searches nor fetches until they are shown. */
  hide(pmid: string): void {
    this.hidden.add(pmid);
  }

  show(pmid: string): void {
    this.hidden.delete(pmid);
  }

  find(pmid: string): IndexedRecord | undefined {
    return this.hidden.has(pmid) ? undefined : this.records.get(pmid);
  }

  /** Visible records, newest PMID or newest publication first. */
  inOrder(order: 'pmid' | 'publication'): IndexedRecord[] {
    if (!this.sorted) {
      const byPmid = [...this.records.values()].sort((a, b) => Number(b.pmid) - Number(a.pmid));
      const byPublication = [...byPmid].sort((a, b) =>
        a.dates.dp < b.dates.dp ? 1 : a.dates.dp > b.dates.dp ? -1 : 0,
      );
      this.sorted = { byPmid, byPublication };
    }
    const all = order === 'pmid' ? this.sorted.byPmid : this.sorted.byPublication;
    return this.hidden.size === 0 ? all : all.filter((record) => !this.hidden.has(record.pmid));
  }

  /** Whether a record's text holds the phrase (a trailing `*` truncates), and whether any record's does. */
  lookUp(
    field: TextField | HeadingField,
    phrase: string,
  ): { in: (record: IndexedRecord) => boolean; isKnown: boolean } {
    const name = `${field} ${phrase}`;
    let lookup = this.lookups.get(name);
    if (!lookup) {
      lookup = { says: sayer(field, phrase), hits: new Set() };
      for (const text of this.texts.keys()) if (lookup.says(text)) lookup.hits.add(text);
      this.lookups.set(name, lookup);
    }
    const { hits } = lookup;
    return { in: (record) => hits.has(record.text), isKnown: hits.size > 0 };
  }
}

function sayer(field: TextField | HeadingField, phrase: string): (text: RecordText) => boolean {
  const truncated = phrase.endsWith('*');
  const bare = truncated ? phrase.slice(0, -1) : phrase;
  if (field === 'mh' || field === 'nm') {
    const heading = folded(bare);
    if (!truncated) return (text) => text.headings[field].has(heading);
    return (text) => [...text.headings[field]].some((name) => name.startsWith(heading));
  }
  const words = normalized(bare);
  if (words === '') return () => false;
  const needle = truncated ? ` ${words}` : ` ${words} `;
  return (text) => text.words[field].includes(needle);
}

const folded = (name: string) => name.toLowerCase().replace(/\s+/g, ' ').trim();

/** Words as PubMed compares them: without case, and a hyphen or bracket is as good as a space. */
const normalized = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();

const wordsOf = (texts: readonly string[]) => texts.map((text) => ` ${normalized(text)} `).join('|');

function plain(xml: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return xml
    .replace(/<[^>]+>/g, '')
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => named[name] ?? '');
}

const block = (xml: string, tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(xml)?.[1];

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The first day of a date element; what it does not say (day, month, a season's month) is the first. */
function dayOf(xml: string | undefined): string | undefined {
  const year = xml === undefined ? undefined : /\b((?:1[5-9]|20|21)\d{2})\b/.exec(xml)?.[1];
  if (xml === undefined || year === undefined) return undefined;
  const month = /<Month>([^<]+)<\/Month>/.exec(xml)?.[1] ?? '1';
  const number = /^\d+$/.test(month) ? Number(month) : MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1 || 1;
  const day = Number(/<Day>(\d+)<\/Day>/.exec(xml)?.[1] ?? '1');
  return `${year}/${String(number).padStart(2, '0')}/${String(day).padStart(2, '0')}`;
}
