import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Outcome } from '../../subscriptions/courier.js';

/** What the pool needs to know of a mail server. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the start (`smtps:`); else STARTTLS is used where it is offered. */
  secure: boolean;
  auth: { user: string; pass: string } | null;
  /** Name with which this side greets. */
  name: string;
  /** Waits for a connection, a greeting, and any answer, ms. */
  timeouts: { connect: number; greeting: number; answer: number };
}

/** Messages that one connection carries before it is replaced: many servers allow no more. */
const MESSAGES_A_CONNECTION = 100;

/** Address of a mail server as in `SMTP_URL`. */
export function readSmtpUrl(address: string, name: string): SmtpServer {
  const url = new URL(address);
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    auth: url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : null,
    name,
    timeouts: { connect: 15_000, greeting: 15_000, answer: 60_000 },
  };
}

/** What nodemailer adds to an error. */
interface SmtpError extends Error {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** Where the exchange was when it broke. */
type Stage = 'connecting' | 'sending';

/** The answer without addresses: their codes say what is the matter. */
const codesOf = (error: SmtpError): string => {
  const codes = /^(\d{3})[ -](\d\.\d{1,3}\.\d{1,3})?/.exec(error.response ?? '');
  return codes ? [codes[1], codes[2]].filter(Boolean).join(' ') : (error.code ?? 'unknown');
};

/** What an error of the mail server means for a delivery. */
export function classifySmtpError(error: SmtpError, stage: Stage): Outcome {
  const codes = codesOf(error);
  const code = error.responseCode ?? 0;
  if (stage === 'connecting')
    return {
      kind: 'unreachable',
      code: error.code === 'EAUTH' || error.code === 'ENOAUTH' ? 'smtp-auth' : 'smtp-unreachable',
      detail: `the mail server cannot be used: ${codes}`,
    };
  const detail = `the mail server answered ${codes} to ${error.command ?? 'the message'}`;
  if (code >= 500 && error.command === 'RCPT TO') {
    // x.7 is policy and x.3/x.4 the servers' own troubles: none of them says that the address is wrong
    const class_ = /^\d{3}[ -]\d\.(\d)\./.exec(error.response ?? '')?.[1];
    return class_ === '7' || class_ === '3' || class_ === '4'
      ? { kind: 'later', code: 'smtp-policy', detail }
      : { kind: 'refused', code: 'address-refused', detail };
  }
  if (code >= 500 && error.command === 'DATA') return { kind: 'rejected', code: 'message-refused', detail };
  // 421: the server is closing
  if (code === 421 || code === 0)
    return { kind: 'later', code: 'smtp-broken-off', detail: `the connection broke off: ${codes}` };
  return { kind: 'later', code: code >= 500 ? 'smtp-refused' : 'smtp-postponed', detail };
}

/** Connections to the mail server that are kept open while there is something to send. */
export class SmtpPool {
  private readonly idle: { connection: SMTPConnection; sent: number }[] = [];

  constructor(private readonly server: SmtpServer) {}

  /**
   * Hands a message over.
   * @param mayGo asked when the server has answered DATA and before the first byte goes: false = the connection is cut,
   *   which takes everything back
   */
  async send(
    envelope: { from: string; to: string },
    message: string | Buffer,
    mayGo: () => Promise<boolean>,
  ): Promise<Outcome> {
    let slot = this.idle.pop();
    const reused = slot !== undefined;
    if (!slot) {
      const opened = await this.open();
      if ('kind' in opened) return opened;
      slot = { connection: opened, sent: 0 };
    }
    const { connection } = slot;
    let lost = false;
    let began = false;
    const body = new Readable({
      read() {
        if (began) return;
        began = true;
        mayGo().then(
          (granted) => {
            if (granted) {
              this.push(message);
              this.push(null);
              return;
            }
            lost = true;
            this.destroy(new Error('the claim was lost'));
          },
          (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
        );
      },
    });
    const error = await new Promise<SmtpError | null>((resolve) => {
      const fail = (thrown: Error) => resolve(thrown);
      connection.once('error', fail);
      // a connection that just ends would leave nobody to call back
      connection.once('end', () => fail(new Error('the connection ended')));
      connection.send({ from: envelope.from, to: [envelope.to] }, body, (thrown) => resolve(thrown));
    });
    connection.removeAllListeners('error');
    connection.removeAllListeners('end');
    connection.on('error', () => undefined);
    if (!error) {
      slot.sent++;
      if (slot.sent < MESSAGES_A_CONNECTION) this.idle.push(slot);
      else connection.quit();
      return { kind: 'sent' };
    }
    if (lost) {
      connection.close();
      return { kind: 'lost' };
    }
    const smtpError = error;
    const outcome = classifySmtpError(smtpError, 'sending');
    // after a plain no the connection is as good as before, once it has forgotten the message
    if ((smtpError.responseCode ?? 421) !== 421 && (await reset(connection))) this.idle.push(slot);
    else connection.close();
    // the server ended a connection that had waited for work: that says nothing about this message
    if (reused && !began && outcome.kind === 'later' && outcome.code === 'smtp-broken-off')
      return this.send(envelope, message, mayGo);
    return outcome;
  }

  private open(): Promise<SMTPConnection | Outcome> {
    const { host, port, secure, auth, name, timeouts } = this.server;
    const connection = new SMTPConnection({
      host,
      port,
      secure,
      name,
      connectionTimeout: timeouts.connect,
      greetingTimeout: timeouts.greeting,
      socketTimeout: timeouts.answer,
      // a server on this machine seldom has a certificate that fits its name
      ...(/^(127\.|localhost$|::1$)/.test(host) ? { tls: { rejectUnauthorized: false } } : {}),
    });
    return new Promise((resolve) => {
      const fail = (error: Error) => {
        connection.removeAllListeners('error');
        connection.on('error', () => undefined);
        connection.close();
        resolve(classifySmtpError(error, 'connecting'));
      };
      connection.once('error', fail);
      connection.once('end', () => fail(new Error('the connection ended')));
      const ready = () => {
        connection.removeAllListeners('error');
        connection.removeAllListeners('end');
        resolve(connection);
      };
      connection.connect((error) => {
        if (error) return fail(error);
        if (auth === null) return ready();
        connection.login({ user: auth.user, credentials: auth, pass: auth.pass }, (refused) =>
          refused ? fail(refused) : ready(),
        );
      });
    });
  }

  /** Ends connections that nobody uses. */
  rest(): void {
    for (const { connection } of this.idle.splice(0)) connection.quit();
  }
}

/** Makes a connection forget a message that was refused. @returns false when it is no good any more */
const reset = (connection: SMTPConnection): Promise<boolean> =>
  new Promise((resolve) => {
    const fail = () => resolve(false);
    connection.once('error', fail);
    connection.once('end', fail);
    connection.reset((error) => {
      connection.removeListener('error', fail);
      connection.removeListener('end', fail);
      resolve(!error);
    });
  });
