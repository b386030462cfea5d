import { encode as encodeQuotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';
import { TOKEN_MARK, type MailBody } from './mail-body.js';

/** RFC 5322: lines of at most 78 characters are recommended, 998 allowed. */
const FOLD_AT = 76;
/** RFC 2047: an encoded word has at most 75 characters. */
const WORD_BYTES = 42;

/**
 * A header's value on folded lines; what is not ASCII becomes encoded words (RFC 2047). Whatever it is made from, it
 * stays one header: line breaks and control characters become spaces.
 */
export function foldHeader(name: string, value: string): string {
  const clean = value.replace(/[\u0000-\u001f\u007f\s]+/g, ' ').trim();
  if (/^[\x20-\x7e]*$/.test(clean)) return foldWords(name, clean.split(' '));
  const words: string[] = [];
  let bytes = '';
  const flush = () => {
    if (bytes !== '') words.push(`=?UTF-8?B?${Buffer.from(bytes).toString('base64')}?=`);
    bytes = '';
  };
  for (const character of clean) {
    if (Buffer.byteLength(bytes + character) > WORD_BYTES) flush();
    bytes += character;
  }
  flush();
  return foldWords(name, words);
}

function foldWords(name: string, words: readonly string[]): string {
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of words) {
    if (line.length + 1 + word.length > FOLD_AT && line !== `${name}:`) {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
  }
  lines.push(line);
  return lines.join('\r\n');
}

/**
 * A text as quoted-printable. A token's mark stands on a line of its own between soft breaks, so that any token can
 * take its place without encoding the text again.
 */
export function encodePart(text: string): string {
  return text
    .replace(/\r?\n/g, '\r\n')
    .split(TOKEN_MARK)
    .map((piece) => wrapQuotedPrintable(encodeQuotedPrintable(piece)))
    .join(`=\r\n${TOKEN_MARK}=\r\n`);
}

/** The body of a mail, ready but for its token: encoded once, sent to many. */
export interface EncodedBody {
  subject: string;
  list: boolean;
  /** `Content-Type` and what follows it, the empty line and the parts. */
  content: string;
}

/**
 * Encodes a mail's parts.
 * @param textOnly leave the HTML part out
 * @param boundary stands in no part: nothing that came from outside can know it
 */
export function encodeBody(body: MailBody, textOnly: boolean, boundary: string): EncodedBody {
  const part = (type: string, text: string) =>
    `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${encodePart(text)}`;
  const content = textOnly
    ? part('text/plain', body.text)
    : [
        `Content-Type: multipart/alternative; boundary="${boundary}"\r\n`,
        `--${boundary}\r\n${part('text/plain', body.text)}\r\n`,
        `--${boundary}\r\n${part('text/html', body.html)}\r\n`,
        `--${boundary}--\r\n`,
      ].join('\r\n');
  return { subject: body.subject, list: body.list, content };
}

/** A whole message. Header values are made harmless here, whatever they hold. */
export function buildMessage(
  headers: readonly (readonly [name: string, value: string])[],
  body: EncodedBody,
  token: string,
): string {
  const head = [
    ...headers.map(([name, value]) => foldHeader(name, value)),
    foldHeader('Subject', body.subject),
    'MIME-Version: 1.0',
  ].join('\r\n');
  return `${head}\r\n${body.content.replaceAll(TOKEN_MARK, token)}`;
}
