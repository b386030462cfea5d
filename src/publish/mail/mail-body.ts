import { oneLine } from '../../escape.js';
import { SHELL_PARTS, SHELL_SLOTS } from './shell.generated.js';

/**
 * Stands where a reader's token goes. Every escape function removes control characters, so nothing that came from
 * PubMed or from a visitor can hold it.
 */
export const TOKEN_MARK = '\u0001';

/** Who mails, the same for all mails of an installation. */
export interface Sender {
  /** `PUBLIC_URL`, without a slash at its end. */
  publicUrl: string;
  /** `MAIL_FOOTER`. */
  footer: string | null;
}

/** A mail before it is addressed: tokens stand as `TOKEN_MARK`. */
export interface MailBody {
  subject: string;
  html: string;
  text: string;
  /** Whether it is one of a series, with the headers that let mail programs end it. */
  list: boolean;
}

type Slots = Record<(typeof SHELL_SLOTS)[number], string>;

/** Puts ready-escaped parts into the compiled frame. */
export const fillShell = (slots: Slots): string =>
  SHELL_PARTS.map((part, index) => {
    const slot = SHELL_SLOTS[index];
    return slot === undefined ? part : part + slots[slot];
  }).join('');

/** Puts a token where its mark stands. */
export const withToken = (text: string, token: string): string => text.replaceAll(TOKEN_MARK, token);

/** The name of the machine in Message-ID and List-Id: that of the public address. */
export const mailHost = (publicUrl: string): string =>
  new URL(publicUrl).hostname.replace(/[^\w.-]/g, '') || 'localhost';

/** Stable for a delivery: what is sent again after a crash can be told to be the same. */
export const messageId = (deliveryId: string, publicUrl: string): string =>
  `<${deliveryId.replace(/[^\w.-]/g, '')}@${mailHost(publicUrl)}>`;

/** Headers by which mail programs group, filter and end the series (RFC 2919, 2369, 8058; RFC 3834 against auto-replies). */
export function listHeaders(publicUrl: string, listName: string, token: string): Record<string, string> {
  return {
    'List-Id': `${oneLine(listName).replace(/[^\w .-]/g, '')} <digest.${mailHost(publicUrl)}>`,
    'List-Unsubscribe': `<${publicUrl}/unsubscribe/${token}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
