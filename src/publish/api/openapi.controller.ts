import { Controller, Get, Header, Inject } from '@nestjs/common';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { renderOpenApi } from './openapi/openapi.js';

@Controller('api/v1/openapi.json')
export class OpenApiController {
  private description: string | null = null;

  constructor(@Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy) {}

  /** Made at the first request: nobody waits for it at the start. */
  @Get()
  @Header('Content-Type', 'application/json; charset=utf-8')
  read(): string {
    this.description ??= renderOpenApi(this.taxonomy.facets);
    return this.description;
  }
}
