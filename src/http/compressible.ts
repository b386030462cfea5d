/** Media types that get smaller: texts of every kind, among them those of reference managers. */
export const isCompressible = (type: string): boolean =>
  /^text\/|[+/](?:json|xml|yaml)\b|^application\/(?:javascript|x-ndjson|x-bibtex|x-research-info-systems|nbib)\b|^image\/svg/.test(
    type,
  );
