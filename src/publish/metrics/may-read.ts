import ipaddr from 'ipaddr.js';

/** This machine and private networks: where a Prometheus runs that scrapes a server beside it. */
const NEAR = ['loopback', 'private', 'linkLocal', 'uniqueLocal'];

const isNear = (address: string): boolean => ipaddr.isValid(address) && NEAR.includes(ipaddr.process(address).range());

/**
 * Whether a client may read the metrics without the admin token: one that stands near and came by no proxy. A proxy
 * that is not trusted leaves its own, near, address and the header of the one that asked it.
 */
export const mayReadMetrics = (client: string, isForwarded: boolean): boolean => !isForwarded && isNear(client);
