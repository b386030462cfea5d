/** NLM asks for this credit wherever its data are shown. */
export const ATTRIBUTION = 'Courtesy of the U.S. National Library of Medicine';

/** The one shape of all JSON answers. `asOf` = end of the last complete sync. */
export interface Envelope<T> {
  data: T;
  /** `total` = papers under the filters on all pages; `more` = whether reading on gives more now. */
  page?: { next: string | null; total?: number; more?: boolean };
  /** Of counts: papers under the filters. */
  total?: number;
  filters?: unknown;
  asOf: string | null;
  attribution: string;
}

export const envelope = <T>(
  data: T,
  asOf: number | null,
  more: Pick<Envelope<T>, 'page' | 'total' | 'filters'> = {},
): Envelope<T> => ({
  data,
  ...more,
  asOf: asOf === null ? null : new Date(asOf).toISOString(),
  attribution: ATTRIBUTION,
});
