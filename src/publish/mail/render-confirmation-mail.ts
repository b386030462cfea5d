import { escapeHtml, oneLine } from '../../escape.js';
import { wrap } from '../../digest/render-text.js';
import { TOKEN_MARK, fillShell, type MailBody, type Sender } from './mail-body.js';

/** What somebody asked for at an address, in words. */
export interface ConfirmationWords {
  /** "Ketamine digest" */
  listName: string;
  /** "every Monday", "every day", "on the first of each month" */
  frequency: string;
  /** The filters in words; null = all papers. */
  filters: string | null;
  /** Host of the webhook that gets the digests instead of the address; null = they are mailed. */
  webhook: string | null;
  /** The address is subscribed already: confirming changes what it gets. */
  change: boolean;
  /** Days until the link ends. */
  days: number;
}

/** Asks the owner of an address whether they asked for it. It holds nothing that a stranger could have chosen but the filters. */
export function renderConfirmationMail(words: ConfirmationWords, sender: Sender): MailBody {
  const listName = oneLine(words.listName);
  const action = words.change ? 'Change my subscription' : 'Confirm my subscription';
  const subject = words.change ? `${listName}: confirm the change` : `${listName}: please confirm`;
  const asked = words.change
    ? `Somebody, most likely you, asked to change the ${listName} that this address gets:`
    : `Somebody, most likely you, asked for the ${listName} at this address:`;
  const what = [
    words.frequency,
    words.filters === null ? 'all papers' : oneLine(words.filters),
    ...(words.webhook === null ? [] : [`posted to ${oneLine(words.webhook)} instead of mailed`]),
  ].join('; ');
  const otherwise = words.change
    ? `If it was not you, do nothing and nothing changes. The link works for ${words.days} days.`
    : `If it was not you, do nothing: nothing more will come, and the address is deleted after ${words.days} days.`;
  const address = `${sender.publicUrl}/confirm/${TOKEN_MARK}`;
  const footer = [
    `${sender.publicUrl}/privacy says what is kept and how to have it deleted.`,
    ...(sender.footer ? [oneLine(sender.footer)] : []),
  ];
  return {
    subject,
    list: false,
    text: `${[...wrap(asked), '', ...wrap(`${what}.`, '    ', '    '), '', `${action}:`, address, '', ...wrap(otherwise), '', '-- ', ...footer.flatMap((line) => wrap(line))].join('\n')}\n`,
    html: fillShell({
      title: escapeHtml(subject),
      preheader: escapeHtml(`${action}: ${what}`),
      content:
        `<h1 style="margin:0 0 12px;font-size:24px;line-height:1.25">${escapeHtml(listName)}</h1><p style="margin:0 0 8px">${escapeHtml(asked)}</p>` +
        `<p style="margin:0 0 16px"><strong>${escapeHtml(what)}.</strong></p>` +
        `<p style="margin:0 0 16px"><a class="button" href="${escapeHtml(sender.publicUrl)}/confirm/${TOKEN_MARK}">${action}</a></p><p style="margin:0">${escapeHtml(otherwise)}</p>`,
      footer: footer.map((line) => `<div class="d">${escapeHtml(line)}</div>`).join(''),
    }),
  };
}
