import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface PostOptions {
  /** Address ranges that may be reached besides public ones (`OUTBOUND_ALLOW`). */
  allow: readonly string[];
  /** For all of it: looking the name up, redirects, the answer. */
  timeoutMs: number;
}

export type PostAnswer = { status: number } | { error: 'webhook-forbidden' | 'webhook-unreachable'; detail: string };

/** Redirects that keep method and body are followed this far; each target is checked like the first. */
const MOST_REDIRECTS = 3;

/** Whether an address is one that the whole internet can reach, or is allowed besides. */
export function mayReach(address: string, allow: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const plain = ipaddr.process(address);
  const allowed = allow.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range.includes('/') ? range : `${range}/${isIP(range) === 6 ? 128 : 32}`);
    return network.kind() === plain.kind() && plain.match(network, bits);
  });
  // tunnels (6to4, Teredo, NAT64) carry addresses of their own: ipaddr.js names them, and they are not unicast
  return allowed || plain.range() === 'unicast';
}

const forbidden = (detail: string): PostAnswer => ({ error: 'webhook-forbidden', detail });

/**
 * Posts to an address that a stranger chose. The name is looked up once, every address it stands for has to be public,
 * and the connection goes to the one that was checked: a name that changes its mind in between reaches nothing inside.
 */
export async function postSafely(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  options: PostOptions,
): Promise<PostAnswer> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  let target = address;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    if (!URL.canParse(target)) return forbidden('the webhook leads to something that is no address');
    const url = new URL(target);
    if (!/^https?:$/.test(url.protocol) || url.username || url.password)
      return forbidden('the webhook leads to an address that is not plain http or https');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const checked = await resolve(host, options.allow, deadline);
    if ('error' in checked) return checked;
    const answer = await post(url, checked, headers, body, deadline);
    if ('error' in answer) return answer;
    if (answer.location === null) return { status: answer.status };
    if (!URL.canParse(answer.location, url)) return forbidden('the webhook redirects to something that is no address');
    target = new URL(answer.location, url).href;
  }
  return { error: 'webhook-unreachable', detail: 'the webhook redirects too often' };
}

async function resolve(
  host: string,
  allow: readonly string[],
  deadline: AbortSignal,
): Promise<{ address: string; family: number } | Extract<PostAnswer, { error: string }>> {
  const found =
    isIP(host) > 0
      ? [{ address: host, family: isIP(host) }]
      : await Promise.race([
          lookup(host, { all: true, verbatim: true }).catch(() => []),
          new Promise<[]>((done) => deadline.addEventListener('abort', () => done([]), { once: true })),
        ]);
  const [first] = found;
  if (!first) return { error: 'webhook-unreachable', detail: "the webhook's host has no address" };
  if (!found.every(({ address }) => mayReach(address, allow)))
    return { error: 'webhook-forbidden', detail: "the webhook's host is not on the public internet" };
  return first;
}

function post(
  url: URL,
  pinned: { address: string; family: number },
  headers: Readonly<Record<string, string>>,
  body: string,
  deadline: AbortSignal,
): Promise<{ status: number; location: string | null } | Extract<PostAnswer, { error: string }>> {
  const lookupPinned: LookupFunction = (_host, wanted, callback) => {
    if (wanted.all) callback(null, [pinned]);
    else callback(null, pinned.address, pinned.family);
  };
  return new Promise((done) => {
    const fail = (error: NodeJS.ErrnoException) =>
      done({
        error: 'webhook-unreachable',
        detail: deadline.aborted
          ? 'the webhook did not answer in time'
          : `the webhook cannot be reached: ${error.code ?? error.name}`,
      });
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const outgoing = send(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: lookupPinned,
        agent: false,
        signal: deadline,
      },
      (incoming) => {
        const status = incoming.statusCode ?? 0;
        // what it says is of no interest: its status is the answer
        incoming.destroy();
        const redirected = status === 307 || status === 308;
        done({ status, location: redirected ? (incoming.headers.location ?? null) : null });
      },
    );
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}
