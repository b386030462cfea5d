import { ATTRIBUTION } from './envelope.js';
import type { Taxonomy } from '../model/taxonomy.js';
import type { Assets } from './assets.js';

/** What every page says about the installation. */
export interface Site {
  /** "Ketamine": the taxonomy's name of the drug. */
  name: string;
  /** "ketamine" in running text. */
  noun: string;
  /** Base of absolute addresses, without a slash at its end. */
  publicUrl: string;
  /** Fictional records: the banner says so, and nothing links to PubMed. */
  demo: boolean;
  /** End of the last complete sync, epoch ms. */
  asOf: number | null;
  /** Last PubMed day that is known to be listed whole. */
  completeThrough: string | null;
  attribution: string;
  version: string;
  assets: Pick<Assets, 'url'>;
}

/** Reads what pages show of the store. */
export interface SiteState {
  asOf: () => Promise<number | null>;
  completeThrough: () => Promise<string | null>;
}

/** Gives every page its surroundings as they are now. */
export class SiteReader {
  constructor(
    private readonly fixed: Omit<Site, 'asOf' | 'completeThrough' | 'attribution'>,
    private readonly state: SiteState,
  ) {}

  async read(): Promise<Site> {
    const [asOf, completeThrough] = await Promise.all([this.state.asOf(), this.state.completeThrough()]);
    return { ...this.fixed, asOf, completeThrough, attribution: ATTRIBUTION };
  }
}

/** "Ketamine literature" */
export const siteTitle = ({ name }: Pick<Taxonomy, 'name'>): string => `${name} literature`;
