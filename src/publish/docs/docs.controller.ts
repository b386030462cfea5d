import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { html } from '../html.js';

/**
 * Swagger UI sets styles on its elements and brings its icons as data addresses: only this page may do so. Scripts
 * stay the site's own.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const START = `window.addEventListener('load', () => {
  window.SwaggerUIBundle({
    url: '/api/v1/openapi.json',
    dom_id: '#docs',
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    validatorUrl: null,
  });
});
`;

const asset = (name: string): Promise<Buffer> =>
  readFile(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));

/** The API description to read and to try, from files of this installation. */
@Controller('api/docs')
export class DocsController {
  constructor(@Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.header('Content-Security-Policy', POLICY);
    return String(html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>API reference · ${this.taxonomy.name} literature</title>
          <link rel="stylesheet" href="/api/docs/swagger-ui.css" />
          <link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png" />
        </head>
        <body>
          <div id="docs"></div>
          <noscript
            ><p>
              This page needs JavaScript. The description itself: <a href="/api/v1/openapi.json">openapi.json</a>
            </p></noscript
          >
          <script src="/api/docs/swagger-ui-bundle.js"></script>
          <script src="/api/docs/start.js"></script>
        </body>
      </html>`);
  }

  @Get('start.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  start(): string {
    return START;
  }

  @Get('swagger-ui-bundle.js')
  async bundle(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('Content-Type', 'text/javascript; charset=utf-8').send(await asset('swagger-ui-bundle.js'));
  }

  @Get('swagger-ui.css')
  async style(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('Content-Type', 'text/css; charset=utf-8').send(await asset('swagger-ui.css'));
  }

  @Get('favicon-32x32.png')
  async icon(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('Content-Type', 'image/png').send(await asset('favicon-32x32.png'));
  }
}
