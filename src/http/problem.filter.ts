import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log.js';
import { AppError } from '../problem.js';
import { toProblem } from '../publish/problem-document.js';
import { sendProblem, type ProblemPage } from './send-problem.js';

/** The one place where errors of handlers become HTTP answers. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly page: ProblemPage,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(thrown, request.url, request.id);
    if (problem.status >= 500) {
      const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.log.error('request failed', {
        code: thrown instanceof AppError ? thrown.code : 'internal',
        error: cause.message,
        stack: cause.stack ?? null,
      });
    }
    if (reply.sent) return;
    await sendProblem(request, reply, problem, this.page);
  }
}
