import helmet, { type HelmetOptions } from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/**
 * Pages bring their own scripts, styles and images and nothing from elsewhere; nothing inline, nobody frames them.
 * HSTS only where readers come by https: on a laptop's http it would lock them out of every port of that host.
 */
const helmetOptions = (publicUrl: string): HelmetOptions => ({
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

export type Headers = Readonly<Record<string, string>>;

/** What helmet says of every answer. None of it depends on the request, so it is asked once and not a thousand times a second. */
export function securityHeaders(publicUrl: string): Headers {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet(helmetOptions(publicUrl))(request, response, (error) => {
    if (error !== undefined) throw error instanceof Error ? error : new Error('helmet refused its options');
  });
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}
