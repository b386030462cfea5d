import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '../../problem.js';
import { Assets } from '../assets.js';

@Controller('assets')
export class AssetsController {
  constructor(private readonly assets: Assets) {}

  /** A page of another version, served by a replica that is older or newer, gets what there is, to keep for no time. */
  @Get(':version/:name')
  serve(@Param('version') version: string, @Param('name') name: string, @Res() reply: FastifyReply): void {
    const asset = this.assets.find(name);
    if (!asset) throw new AppError('not-found', 'There is no such file');
    void reply
      .header('Content-Type', asset.type)
      .header(
        'Cache-Control',
        version === this.assets.version ? 'public, max-age=31536000, immutable' : 'public, no-cache',
      )
      .header('ETag', `"${this.assets.version}"`)
      .send(asset.body);
  }
}
