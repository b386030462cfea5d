import { Controller, Get, Headers, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { SETTINGS_TOKEN, type Settings } from '../../config/settings.js';
import { AppError } from '../../problem.js';
import { mayReadMetrics } from './may-read.js';
import { Metrics } from './metrics.js';

const digest = (text: string) => createHash('sha256').update(text).digest();

@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(SETTINGS_TOKEN) private readonly settings: Pick<Settings, 'ADMIN_TOKEN' | 'TRUST_PROXY'>,
  ) {}

  /** For scrapers on this machine or its private network, and for holders of the admin token from anywhere. */
  @Get()
  async read(
    @Req() request: FastifyRequest,
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const forwarded = 'x-forwarded-for' in request.headers || 'forwarded' in request.headers;
    // behind a trusted proxy, request.ip is whoever asked the proxy
    if (!mayReadMetrics(request.ip, forwarded && this.settings.TRUST_PROXY === false) && !this.isAdmin(authorization))
      throw this.settings.ADMIN_TOKEN === null
        ? new AppError('not-found', 'Metrics are for the machine itself and its private network')
        : new AppError('unauthorized', 'From here metrics need the header Authorization: Bearer with the admin token');
    void reply.header('Content-Type', this.metrics.contentType);
    return this.metrics.render();
  }

  private isAdmin(authorization: string | undefined): boolean {
    const token = this.settings.ADMIN_TOKEN;
    const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    return token !== null && given !== undefined && timingSafeEqual(digest(given), digest(token));
  }
}
