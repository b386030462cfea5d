import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret in a link of a mail: whoever has it is the reader. 256 random bits, base64url. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a token: from it the token cannot be made. SHA-256, base64url. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Whether a text can be a token at all: nothing else is looked up. */
export const isTokenShaped = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/** Compares in a time that does not tell where the difference is. */
export function matchesHash(token: string, hash: string): boolean {
  const given = Buffer.from(hashToken(token));
  const kept = Buffer.from(hash);
  return given.length === kept.length && timingSafeEqual(given, kept);
}
