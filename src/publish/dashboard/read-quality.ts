/** How good the tags of a facet are, on papers that the tagger had not seen. */
export interface FacetQuality {
  facet: string;
  heldOut: number;
  range: string;
}

export interface TagQuality {
  facet: string;
  tag: string;
  precision: number;
  recall: number;
  f1: number;
  papers: number;
}

/** How often a fact is right; of doses each counts, so that there is no share of papers. */
export interface FactQuality {
  fact: string;
  papers: number;
  precision: number;
  recall: number;
}

export interface Quality {
  /** Labelled papers that were scored. */
  papers: number;
  taxonomyVersion: string;
  facets: FacetQuality[];
  tags: TagQuality[];
  /** Over all sets; empty where nobody noted facts. */
  facts: FactQuality[];
}

const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Reads the report that `npm run quality` writes (docs/quality.md). @returns null when it is not such a report */
export function readQuality(report: string): Quality | null {
  const head = /^(\d+) labelled papers, taxonomy ([\w.-]+)\./m.exec(report);
  if (!head?.[1] || !head[2]) return null;
  const quality: Quality = { papers: Number(head[1]), taxonomyVersion: head[2], facets: [], tags: [], facts: [] };
  let section = '';
  let facet = '';
  for (const line of report.split('\n')) {
    if (line.startsWith('## ')) section = line.slice(3).trim();
    else if (line.startsWith('### ')) facet = line.slice(4).trim();
    else if (line.startsWith('| ') && !/^\| (facet|fact|tag|raw score) /.test(line)) {
      const [name = '', first = '', second = '', third = '', fourth = ''] = cells(line);
      if (section === 'Facets') quality.facets.push({ facet: name, heldOut: Number(first), range: second });
      if (section === 'Facts' && first === 'all')
        quality.facts.push({ fact: name, papers: Number(second), precision: Number(third), recall: Number(fourth) });
      if (section === 'Tags')
        quality.tags.push({
          facet,
          tag: name,
          precision: Number(first),
          recall: Number(second),
          f1: Number(third),
          papers: Number(fourth),
        });
    }
  }
  return quality.facets.length > 0 ? quality : null;
}
