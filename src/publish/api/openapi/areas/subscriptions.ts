import type { Area } from '../route.js';

/** Digests by mail or webhook. */
export const subscriptions: Area = {
  name: 'Subscriptions',
  description: 'Digests by mail or webhook',
  routes: [],
  schemas: {},
};
