import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SETTINGS_TOKEN, type Settings } from '../../config/settings.js';
import { AppError } from '../../problem.js';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Lets only holders of `ADMIN_TOKEN` in; while it is unset, there is nothing here. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(@Inject(SETTINGS_TOKEN) private readonly settings: Pick<Settings, 'ADMIN_TOKEN'>) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { ADMIN_TOKEN: token } = this.settings;
    if (token === null) throw new AppError('not-found', `There is nothing at ${request.url.split('?')[0] ?? '/'}`);
    const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    // hashed first: the comparison takes as long whatever was given
    if (!timingSafeEqual(digest(given), digest(token)))
      throw new AppError('unauthorized', 'This needs the header Authorization: Bearer with the token of ADMIN_TOKEN');
    return true;
  }
}
