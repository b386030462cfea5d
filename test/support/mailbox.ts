import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** What a server says to a command; null = yes. */
export type Refusal = { code: number; message: string } | null;

/** A message that the server took. */
export interface Mail {
  to: string;
  raw: string;
  /** Of the connection that brought it. */
  session: string;
  /** Its place among the messages of that connection. */
  turn: number;
}

/** How the server behaves; each may be changed while it runs. */
export interface Manners {
  recipient: (address: string) => Refusal | Promise<Refusal>;
  /** Called when the whole message has arrived; `drop` cuts the connection though the message is kept. */
  message: (to: string, raw: string) => Refusal | 'drop' | 'drop-unkept' | Promise<Refusal | 'drop' | 'drop-unkept'>;
}

const yes: Manners = { recipient: () => null, message: () => null };

const toError = ({ code, message }: NonNullable<Refusal>) => Object.assign(new Error(message), { responseCode: code });

/** A real SMTP server on a free port that keeps what it is given. */
export async function aMailbox(given: Partial<Manners> = {}) {
  const manners: Manners = { ...yes, ...given };
  const mails: Mail[] = [];
  const turns = new Map<string, number>();
  const counts = { connections: 0, refused: 0 };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    hideSTARTTLS: true,
    logger: false,
    size: 10_000_000,
    socketTimeout: 600_000,
    closeTimeout: 100,
    onConnect(_session, callback) {
      counts.connections++;
      callback();
    },
    onRcptTo(address, _session, callback) {
      Promise.resolve(manners.recipient(address.address)).then(
        (refusal) => {
          if (refusal) counts.refused++;
          callback(refusal ? toError(refusal) : undefined);
        },
        (error: unknown) => callback(error as Error),
      );
    },
    onData(stream, session: SMTPServerSession, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const turn = (turns.get(session.id) ?? 0) + 1;
        turns.set(session.id, turn);
        Promise.resolve(manners.message(to, raw)).then(
          (answer) => {
            if (answer === 'drop-unkept') return cut(session.id);
            if (answer !== null && answer !== 'drop') return callback(toError(answer));
            mails.push({ to, raw, session: session.id, turn });
            if (answer === 'drop') return cut(session.id);
            callback();
          },
          (error: unknown) => callback(error as Error),
        );
      });
    },
  });
  // a peer that is killed in the middle is no news here
  server.on('error', () => undefined);
  const inner = server as unknown as { connections: Set<{ id: string; _socket: { destroy: () => void } }> };
  const cut = (id: string) => {
    for (const connection of inner.connections) if (connection.id === id) connection._socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    manners,
    mails,
    counts,
    /** Mails to one reader, oldest first, as their mail program reads them. */
    to: (email: string): Promise<Email[]> =>
      Promise.all(mails.filter((mail) => mail.to === email).map((mail) => PostalMime.parse(mail.raw))),
    read: (mail: Mail): Promise<Email> => PostalMime.parse(mail.raw),
    clear: () => mails.splice(0),
    close: () =>
      new Promise<void>((resolve) => {
        for (const connection of inner.connections) connection._socket.destroy();
        server.close(() => resolve());
      }),
  };
}
export type Mailbox = Awaited<ReturnType<typeof aMailbox>>;
