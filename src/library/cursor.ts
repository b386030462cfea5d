import { createHash } from 'node:crypto';
import { AppError } from '../problem.js';

/** A short mark by which a cursor knows its query, and shows that it is as it was given. */
const sign = (query: string, position: string) =>
  createHash('sha256').update(`cursor 1\n${query}\n${position}`).digest('base64url').slice(0, 11);

/** A cursor for a position in the answers to a query. */
export const renderCursor = (query: string, position: readonly (number | null)[]): string => {
  const text = position.map((part) => (part === null ? '' : String(part))).join('~');
  return Buffer.from(`${text}!${sign(query, text)}`).toString('base64url');
};

/**
 * @param query the query that the cursor goes with, sort and all
 * @throws AppError `invalid-cursor` for a cursor of another query, or one that was changed
 */
export function readCursor(cursor: string, query: string, parts: number, parameter = 'cursor'): (number | null)[] {
  const decoded = cursor.length <= 200 ? Buffer.from(cursor, 'base64url').toString('latin1') : '';
  const [text = '', mark] = decoded.split('!');
  const position = text.split('~').map((part) => (part === '' ? null : /^-?\d{1,15}$/.test(part) ? Number(part) : NaN));
  if (mark !== sign(query, text) || position.length !== parts || position.some(Number.isNaN))
    throw new AppError(
      'invalid-cursor',
      'This cursor does not belong to this query, or was changed: begin again without one, and keep the filters and the sort from page to page',
      { items: [{ parameter, message: 'is not a cursor of this query' }] },
    );
  return position;
}
