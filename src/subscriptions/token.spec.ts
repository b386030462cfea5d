import { hashToken, isTokenShaped, matchesHash, newToken } from './token.js';

describe('tokens', () => {
  it('are 256 random bits, never the same', () => {
    const tokens = new Set(Array.from({ length: 1000 }, newToken));
    expect(tokens.size).toBe(1000);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('are stored as a hash that fits only them', () => {
    const token = newToken();
    expect(hashToken(token)).not.toContain(token);
    expect(matchesHash(token, hashToken(token))).toBe(true);
    expect(matchesHash(newToken(), hashToken(token))).toBe(false);
    expect(matchesHash(token, 'short')).toBe(false);
  });

  it('are not looked up when they cannot be one', () => {
    expect(isTokenShaped(newToken())).toBe(true);
    for (const text of ['', 'x', `${newToken()}A`, `${newToken().slice(1)}%`, '../../etc/passwd'])
      expect(isTokenShaped(text)).toBe(false);
  });
});
