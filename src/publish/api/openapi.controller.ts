import { Controller, Get, Header } from '@nestjs/common';
import { renderOpenApi } from './openapi.js';

@Controller('api/v1/openapi.json')
export class OpenApiController {
  private description: string | null = null;

  /** Made at the first request: nobody waits for it at the start. */
  @Get()
  @Header('Content-Type', 'application/json; charset=utf-8')
  read(): string {
    this.description ??= renderOpenApi();
    return this.description;
  }
}
