import { renderHtml } from '../../digest/render-html.js';
import { renderMarkdown } from '../../digest/render-markdown.js';
import { renderText } from '../../digest/render-text.js';
import type { Rendering } from '../../digest/outline.js';
import type { Digest } from '../../model/issue.js';
import { parseWeekReference, type WeekReference } from '../../digest/week.js';
import { AppError } from '../../problem.js';

/** The forms in which a digest is given, with their media types. */
export const DIGEST_FORMATS = {
  json: 'application/json',
  html: 'text/html',
  md: 'text/markdown',
  txt: 'text/plain',
} as const;
export type DigestFormat = keyof typeof DIGEST_FORMATS;

export const contentType = (format: DigestFormat): string => `${DIGEST_FORMATS[format]}; charset=utf-8`;

/**
 * Reads `2026-W47`, `latest` or `current`, with or without an extension.
 * @throws AppError `unknown-value` when it is none of these
 */
export function readWeek(name: string): { week: WeekReference; format: DigestFormat | null } {
  const match = /^([^.]{1,20})(?:\.(json|html|md|txt))?$/.exec(name);
  const week = match?.[1] === undefined ? null : parseWeekReference(match[1]);
  if (!week)
    throw new AppError('unknown-value', 'A week is written like 2026-W47; `latest` and `current` are weeks too', {
      items: [
        {
          parameter: 'week',
          value: name.slice(0, 40),
          message: 'is not a week',
          allowed: ['latest', 'current', 'YYYY-Www'],
        },
      ],
    });
  return { week, format: (match?.[2] as DigestFormat | undefined) ?? null };
}

/**
 * The form that an `Accept` header prefers (RFC 9110, 12.5.1): the highest quality, the most specific range among
 * equals, then the order of `offered`.
 * @returns null when it takes none of them
 */
export function preferredFormat(accept: string | undefined, offered: readonly DigestFormat[]): DigestFormat | null {
  if (accept === undefined || accept.trim() === '') return offered[0] ?? null;
  const ranges = accept.split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    return Number.isFinite(quality) ? [{ range, quality }] : [];
  });
  let best: { format: DigestFormat; quality: number } | null = null;
  for (const format of offered) {
    const type = DIGEST_FORMATS[format];
    const fitting = ranges
      .filter(({ range }) => range === type || range === `${type.split('/')[0]}/*` || range === '*/*')
      .sort((a, b) => specificity(b.range) - specificity(a.range))[0];
    if (fitting && fitting.quality > 0 && (!best || fitting.quality > best.quality))
      best = { format, quality: fitting.quality };
  }
  return best?.format ?? null;
}

const specificity = (range: string) => (range === '*/*' ? 0 : range.endsWith('/*') ? 1 : 2);

/** A digest in one of its text forms; `html` is a fragment of a page. */
export function renderDigest(format: Exclude<DigestFormat, 'json'>, digest: Digest, rendering: Rendering): string {
  switch (format) {
    case 'html':
      return renderHtml(digest, rendering);
    case 'md':
      return renderMarkdown(digest, rendering);
    case 'txt':
      return renderText(digest, rendering);
  }
}
