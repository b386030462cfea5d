import { createHash } from 'node:crypto';
import type { Settings } from '../config/settings.js';
import type { Log } from '../log.js';
import type { TaxonomyQuery } from '../model/taxonomy.js';
import { PubmedClient, type PubmedClientOptions } from '../pubmed/pubmed.client.js';
import { buildTerm } from '../pubmed/query.js';
import { VERSION } from '../version.js';
import type { PubmedPort } from './pubmed-port.js';

/** PubMed over E-utilities, as ingest wants it: the tracked query, and every PMID of a batch in one list. */
export function pubmedPort(
  settings: Pick<Settings, 'NCBI_BASE_URL' | 'NCBI_API_KEY' | 'NCBI_EMAIL' | 'NCBI_TOOL'>,
  query: TaxonomyQuery,
  log: Log,
  pace: Pick<PubmedClientOptions, 'pacer' | 'backoffMs' | 'requestTimeoutMs' | 'deadlineMs' | 'parse'> = {},
): PubmedPort {
  const client = new PubmedClient({
    baseUrl: settings.NCBI_BASE_URL,
    apiKey: settings.NCBI_API_KEY,
    email: settings.NCBI_EMAIL,
    tool: settings.NCBI_TOOL,
    userAgent: `${settings.NCBI_TOOL}/${VERSION}`,
    log,
    ...pace,
  });
  return {
    queryDigest: createHash('sha256').update(buildTerm(query, [])).digest('hex').slice(0, 16),
    async list(bounds, call, { pmids, limit } = {}) {
      const { count, pmids: listed } = await client.search(buildTerm(query, bounds, pmids), {
        ...call,
        ...(limit === undefined ? {} : { retmax: limit }),
      });
      return { count, pmids: listed };
    },
    async fetch(pmids, call) {
      const { papers, excluded, unreadable, notReturned, deleted, failed } = await client.fetch(pmids, call);
      return {
        papers,
        excluded,
        // Records that PubMed would not give alone either are failures of the record, not of the run.
        unreadable: [...unreadable, ...failed],
        notReturned: [...notReturned, ...deleted],
      };
    },
  };
}
