import { Controller, Get, Header, Param } from '@nestjs/common';
import { AppError } from '../../problem.js';
import { isExplained } from './problem-texts.js';
import { SiteReader } from '../site.js';
import { renderProblemCodePage, renderProblemList } from './render-problem-codes.js';

/** Where the `type` of every problem document leads. */
@Controller('problems')
export class ProblemsController {
  constructor(private readonly site: SiteReader) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  async list(): Promise<string> {
    return renderProblemList(await this.site.read());
  }

  @Get(':code')
  @Header('Content-Type', 'text/html; charset=utf-8')
  async one(@Param('code') code: string): Promise<string> {
    if (!isExplained(code)) throw new AppError('not-found', 'There is no problem with this code');
    return renderProblemCodePage(code, await this.site.read());
  }
}
