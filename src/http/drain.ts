import type { Server } from 'node:http';

/** How often, and how long at most, it is looked whether clients have gone. */
const LOOK_MS = 20;
const DRAIN_MS = 1_500;

const connections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));

const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_MS));

/**
 * Lets clients go before the server closes. A kept-alive connection may carry its next request at the very moment at
 * which it is closed, and that request would be lost; so each answer first says `Connection: close` (the hook that
 * reads `stopping`), new requests are still taken, and only when nobody is left, or after a while, the server closes.
 */
export async function drain(server: Server): Promise<void> {
  const until = Date.now() + DRAIN_MS;
  while (Date.now() < until && (await connections(server)) > 0) await pause();
}
