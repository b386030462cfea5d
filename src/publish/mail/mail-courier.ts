import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import DKIM from 'nodemailer/lib/dkim';
import type { Clock } from '../../clock.js';
import { oneLine } from '../../escape.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import type { Courier, Letter, Outcome, Parcel } from '../../subscriptions/courier.js';
import { CONFIRM_DAYS } from '../../subscriptions/subscriptions.service.js';
import { listHeaders, mailHost, messageId, withToken, type MailBody, type Sender } from './mail-body.js';
import { buildMessage, encodeBody, type EncodedBody } from './mime.js';
import { renderConfirmationMail } from './render-confirmation-mail.js';
import { renderDigestMail } from './render-digest-mail.js';
import { frequencyInWords } from '../../subscriptions/frequency-in-words.js';
import type { SmtpPool } from './smtp-pool.js';

export interface MailSettings extends Sender {
  /** `MAIL_FROM`: an address, or a name and an address in <>. */
  from: string;
  dkim: { domainName: string; keySelector: string; privateKey: string } | null;
}

/** DKIM as set; null = the relay signs, or nobody does. */
export const dkimOf = (settings: {
  DKIM_DOMAIN: string | null;
  DKIM_SELECTOR: string | null;
  DKIM_KEY: string | null;
}): MailSettings['dkim'] =>
  settings.DKIM_DOMAIN && settings.DKIM_SELECTOR && settings.DKIM_KEY
    ? { domainName: settings.DKIM_DOMAIN, keySelector: settings.DKIM_SELECTOR, privateKey: settings.DKIM_KEY }
    : null;

/** Hands a message over to somebody: a mail server, or a folder. */
export type HandOver = Pick<SmtpPool, 'send' | 'rest'>;

/** Mails letters. What is the same for several readers is rendered and encoded once. */
export class MailCourier implements Courier {
  private readonly bodies = new WeakMap<Letter, MailBody>();
  private readonly encoded = { html: new WeakMap<Letter, EncodedBody>(), text: new WeakMap<Letter, EncodedBody>() };
  private readonly signer: DKIM | null;
  private readonly fromAddress: string;

  constructor(
    private readonly taxonomy: Pick<Taxonomy, 'name' | 'noun' | 'facets'>,
    private readonly settings: MailSettings,
    private readonly handOver: HandOver,
    private readonly clock: Clock,
  ) {
    this.signer = settings.dkim ? new DKIM(settings.dkim) : null;
    this.fromAddress = /<([^<>]+)>\s*$/.exec(settings.from)?.[1]?.trim() ?? settings.from.trim();
  }

  /** The mail of a letter, with marks where tokens go. */
  render(letter: Letter): MailBody {
    let body = this.bodies.get(letter);
    if (!body) {
      body = this.make(letter);
      this.bodies.set(letter, body);
    }
    return body;
  }

  private make(letter: Letter): MailBody {
    const { taxonomy, settings } = this;
    if (letter.kind === 'digest')
      return renderDigestMail(letter.digest, { ...letter.rendering, taxonomy, site: settings.publicUrl }, settings);
    if (letter.kind === 'verification') throw new Error('a verification is posted, never mailed');
    return renderConfirmationMail(
      {
        listName: `${taxonomy.name} digest`,
        frequency: frequencyInWords(letter.wish),
        filters: letter.filters,
        webhook: letter.wish.webhook === null ? null : new URL(letter.wish.webhook.url).host,
        change: letter.change,
        days: CONFIRM_DAYS,
      },
      settings,
    );
  }

  /** The whole message as it goes out, but for a DKIM signature. */
  message(parcel: Pick<Parcel, 'id' | 'letter' | 'email' | 'format' | 'token'>): string {
    const kept = this.encoded[parcel.format];
    let body = kept.get(parcel.letter);
    if (!body) {
      body = encodeBody(this.render(parcel.letter), parcel.format === 'text', `=_${randomBytes(15).toString('hex')}`);
      kept.set(parcel.letter, body);
    }
    const { publicUrl, from } = this.settings;
    const list = body.list ? listHeaders(publicUrl, `${this.taxonomy.name} digest`, parcel.token) : {};
    return buildMessage(
      [
        ['From', from],
        ['To', parcel.email],
        ['Date', new Date(this.clock.now()).toUTCString().replace('GMT', '+0000')],
        ['Message-ID', messageId(parcel.id, publicUrl)],
        ...Object.entries(list),
        ['Auto-Submitted', 'auto-generated'],
        ['X-Auto-Response-Suppress', 'All'],
      ],
      body,
      parcel.token,
    );
  }

  async deliver(parcel: Parcel): Promise<Outcome> {
    const message = this.message(parcel);
    const signed = this.signer ? await this.sign(this.signer, message) : message;
    return this.handOver.send({ from: this.fromAddress, to: parcel.email }, signed, parcel.mayGo);
  }

  private async sign(signer: DKIM, message: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of signer.sign(message)) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks);
  }

  rest(): Promise<void> {
    return Promise.resolve(this.handOver.rest());
  }

  /** A mail as it would be sent to somebody, with a word where tokens stand. */
  preview(letter: Letter): { subject: string; html: string; text: string } {
    const { subject, html, text } = this.render(letter);
    return { subject: oneLine(subject), html: withToken(html, 'TOKEN'), text: withToken(text, 'TOKEN') };
  }
}

/** Without a mail server, mails become files: `MAIL_DIR` is the outbox. */
export class MailFolder implements HandOver {
  constructor(
    private readonly folder: string,
    private readonly publicUrl: string,
  ) {}

  async send(
    _envelope: { from: string; to: string },
    message: string | Buffer,
    mayGo: () => Promise<boolean>,
  ): Promise<Outcome> {
    const text = message.toString();
    const id = /^Message-ID: <([\w.-]+)@/m.exec(text)?.[1] ?? `mail-${mailHost(this.publicUrl)}`;
    // the same delivery is the same file: written again after a crash, it is still one mail
    const path = join(this.folder, `${id}.eml`);
    const half = `${path}.${randomBytes(4).toString('hex')}.part`;
    if (!(await mayGo())) return { kind: 'lost' };
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(half, message, { mode: 0o600 });
      await rename(half, path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      return { kind: 'unreachable', code: 'mail-folder', detail: `the mail cannot be written to MAIL_DIR: ${code}` };
    }
    return { kind: 'sent' };
  }

  rest(): void {
    // nothing is kept open
  }
}
