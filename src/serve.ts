import { createServer, type AddressInfo } from 'node:net';
import type { Boot } from './boot.js';
import type { SettingsReading } from './config/settings.js';
import { createHttpApp } from './http.js';
import { drain } from './http/drain.js';
import { AppError } from './problem.js';

/** The stop signal is obeyed within this, whatever is under way. */
const STOP_WITHIN_MS = 9_000;

/** `http://HOST:PORT` as a browser takes it. */
const addressOf = (host: string, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/**
 * With `PORT=0` any free port is taken now, before anything is made that links to this server: mails and feeds carry
 * `PUBLIC_URL`.
 * @throws AppError `usage` when the port is taken or the address is not this machine's
 */
export async function settlePort<T extends SettingsReading>(reading: T): Promise<T> {
  const { settings, origins } = reading;
  const { HOST } = settings;
  const port = await new Promise<number>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, HOST, settings.PORT)));
    probe.listen(settings.PORT, HOST, () => {
      const taken = (probe.address() as AddressInfo).port;
      probe.close(() => resolve(taken));
    });
  });
  const PUBLIC_URL = origins.PUBLIC_URL === 'unset' ? addressOf(HOST, port) : settings.PUBLIC_URL;
  return { ...reading, settings: Object.freeze({ ...settings, PORT: port, PUBLIC_URL }) };
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use by another program: stop it, or set PORT to another number (PORT=0 takes any free one)`,
    EACCES: `Port ${port} may not be used by this user: set PORT to a number from 1024 on`,
    EADDRNOTAVAIL: `HOST=${host} is no address of this machine`,
  };
  return new AppError('usage', why[error.code ?? ''] ?? `The server cannot listen on ${addressOf(host, port)}`, {
    cause: error,
  });
}

export interface Serving {
  /** Where it listens. */
  url: string;
}

/**
 * Listens, and ends the process in order when it is told to stop.
 * @param options.onStop what else has to end, after the server
 */
export async function serve(
  started: Boot,
  options: { demo?: boolean; onStop?: () => Promise<void> } = {},
): Promise<Serving> {
  const { settings, log, database } = started;
  const stopping = { stopping: false };
  const app = await createHttpApp(started, { stopping, demo: options.demo ?? false });
  try {
    await app.listen(settings.PORT, settings.HOST);
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, settings.HOST, settings.PORT);
  }

  const stop = (signal: string) => {
    if (stopping.stopping) return;
    stopping.stopping = true;
    log.info('stopping', { signal });
    setTimeout(() => {
      log.error('stopped the hard way: something did not end in time');
      process.exit(2);
    }, STOP_WITHIN_MS).unref();
    void drain(app.getHttpServer())
      .then(() => app.close())
      .then(() => options.onStop?.())
      .then(() => database.close())
      .then(
        () => {
          log.info('stopped');
          process.exit(0);
        },
        (error: unknown) => {
          log.error('stopped, but not cleanly', { error: error instanceof Error ? error.message : String(error) });
          process.exit(2);
        },
      );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  return { url: addressOf(settings.HOST, settings.PORT) };
}
