import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * Pages bring their own scripts, styles and images and nothing from elsewhere; nothing inline, nobody frames them.
 * HSTS only where readers come by https: on a laptop's http it would lock them out of every port of that host.
 */
export const helmetOptions = (publicUrl: string): FastifyHelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  referrerPolicy: { policy: 'no-referrer' },
  frameguard: { action: 'deny' },
  // data may be read from other sites where CORS says so; set per place
  crossOriginResourcePolicy: false,
});
