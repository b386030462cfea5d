import type { FastifyReply, FastifyRequest } from 'fastify';
import { prefersHtml } from '../publish/accept.js';
import type { ProblemDocument } from '../publish/problem-document.js';

/** Renders a problem as a page; it may need the store for what stands around it. */
export type ProblemPage = (problem: ProblemDocument) => Promise<string>;

/** Places where people are: their errors are pages, unless the client asks for JSON. */
const isForPeople = (request: FastifyRequest): boolean =>
  ['page', 'token'].includes(request.surface) && prefersHtml(request.headers.accept);

/** Answers with a problem: a page for people, RFC 9457 for programs. */
export async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemDocument,
  page: ProblemPage,
): Promise<void> {
  if (problem.status === 503 && !reply.hasHeader('Retry-After')) void reply.header('Retry-After', '10');
  for (const name of ['ETag', 'Last-Modified', 'Content-Disposition', 'Link']) void reply.removeHeader(name);
  void reply.status(problem.status).header('Cache-Control', 'no-store');
  // where the store is what fails, the page around the problem cannot be made either
  const document = isForPeople(request) ? await page(problem).catch(() => null) : null;
  if (document !== null) void reply.header('Content-Type', 'text/html; charset=utf-8').send(document);
  else void reply.header('Content-Type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}
