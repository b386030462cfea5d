/** How much a client wants a media type, 0–1, by its `Accept` header (RFC 9110, 12.5.1); no header = anything. */
export function wish(accept: string | undefined, type: string): number {
  if (accept === undefined || accept.trim() === '') return 1;
  const [kind] = type.split('/');
  let best = { specificity: -1, quality: 0 };
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const specificity = name === type ? 2 : name === `${kind}/*` ? 1 : name === '*/*' ? 0 : -1;
    if (specificity <= best.specificity) continue;
    const given = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = given === undefined ? 1 : Number(given.slice(2));
    best = { specificity, quality: Number.isFinite(quality) ? Math.min(1, Math.max(0, quality)) : 0 };
  }
  return best.quality;
}

/** Whether an error is better shown as a page than as a problem document. */
export const prefersHtml = (accept: string | undefined): boolean => {
  const html = wish(accept, 'text/html');
  return html > 0 && html >= wish(accept, 'application/problem+json') && html >= wish(accept, 'application/json');
};
