/** What the tagger reads of a paper: the texts and NLM's headings, nothing else. Also the input of `tag --input`. */
export interface Taggable {
  pmid: string | null;
  title: string;
  vernacularTitle: string | null;
  abstract: { label: string | null; text: string }[];
  otherAbstracts: { label: string | null; text: string }[];
  keywords: string[];
  mesh: { ui: string | null; name: string; major: boolean }[];
  publicationTypes: string[];
  substances: string[];
  /** Numbers from DataBankList; those in the texts are found by the tagger. */
  trials: string[];
}

/** The fields evidence may point into; `index` counts within that array (0 for the two titles). */
export type TextField =
  'title' | 'vernacularTitle' | 'abstract' | 'otherAbstracts' | 'keywords' | 'mesh' | 'publicationTypes' | 'substances';
