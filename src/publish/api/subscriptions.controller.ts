import { Body, Controller, Header, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { readSubscriptionRequest } from '../../subscriptions/read-wish.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { readParameters, type RawQuery } from './parameters.js';

/** The same for every address, whatever is known of it. */
export const PENDING = {
  status: 'pending',
  message:
    'If this address can be reached, a mail is on its way to it. Nothing else is sent before its link is followed.',
} as const;

@Controller('api/v1/subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
  ) {}

  @Post()
  @HttpCode(202)
  @Header('Cache-Control', 'no-store')
  async signUp(
    @Body() body: unknown,
    @Query() query: RawQuery,
    @Req() request: FastifyRequest,
  ): Promise<typeof PENDING> {
    readParameters(query, {});
    const { email, wish } = readSubscriptionRequest(body, this.taxonomy);
    await this.subscriptions.signUp(email, wish, request.ip);
    return PENDING;
  }
}
