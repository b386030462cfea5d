import type { Area } from '../route.js';

/** For those who run it; needs the admin token. */
export const admin: Area = {
  name: 'Admin',
  description: 'For those who run it; needs the admin token',
  routes: [],
  schemas: {},
};
