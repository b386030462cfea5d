import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, PROBLEMS, type ProblemCode } from '../problem.js';
import { toProblem } from '../publish/problem-document.js';
import { sendProblem, type ProblemPage } from './send-problem.js';

/** What the router refuses before any hook runs: escapes that are no UTF-8, parameters without end. */
export const refuseTarget =
  (page: ProblemPage) =>
  (error: { statusCode?: number | undefined }, request: FastifyRequest, reply: FastifyReply): void => {
    const thrown =
      error.statusCode === 414
        ? new AppError('query-too-long', 'A part of this address is too long')
        : new AppError('unknown-value', 'This address cannot be read: it must be UTF-8 in percent-encoding');
    void reply.header('X-Request-Id', request.id).header('X-Content-Type-Options', 'nosniff');
    void sendProblem(request, reply, toProblem(thrown, request.raw.url ?? '/', request.id), page);
  };

/** Answers to what is not even a request: there is a socket and nothing else. */
const SOCKET_PROBLEMS: Record<string, { status: number; code: ProblemCode; detail: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'query-too-long', detail: 'The address and the headers are too long' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'invalid-body', detail: 'The request did not arrive in time' },
};
const NOT_HTTP = { status: 400, code: 'invalid-body', detail: 'This is not a request that can be read' } as const;

/** The whole answer to a broken request, as it goes over the wire. */
export function refuseSocket(
  error: Error & { code?: string },
  socket: Pick<Socket, 'destroyed' | 'writable' | 'end' | 'destroy'>,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, code, detail } = SOCKET_PROBLEMS[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify({ type: `/problems/${code}`, title: PROBLEMS[code].title, status, code, detail, instance: '/', requestId: '' }); // prettier-ignore
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}
