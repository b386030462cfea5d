import { createLog, redact, withLogFields } from './log.js';

describe('log', () => {
  const capture = (plain: boolean) => {
    const lines: string[] = [];
    const log = createLog({
      level: 'info',
      plain,
      now: () => Date.UTC(2026, 10, 23, 12),
      write: (line) => lines.push(line),
    });
    return { log, lines };
  };

  it('writes one JSON object a line, with the ids of what it belongs to', () => {
    const { log, lines } = capture(false);
    withLogFields({ requestId: 'r1' }, () => log.info('answered', { status: 200 }));
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-11-23T12:00:00.000Z',
      level: 'info',
      event: 'answered',
      requestId: 'r1',
      status: 200,
    });
  });

  it('keeps quiet below its level', () => {
    const { log, lines } = capture(true);
    log.debug('detail');
    log.warn('attention', { what: 'x' });
    expect(lines).toEqual(['12:00:00 WARN attention  what=x\n']);
  });

  it.each([
    ['GET /unsubscribe/AbC-123?x=1', 'GET /unsubscribe/[token]?x=1'],
    ['https://host/esearch?db=pubmed&api_key=abc123&term=x', 'https://host/esearch?db=pubmed&api_key=[secret]&term=x'],
    ['postgres://user:pass@db:5432/x failed', 'postgres://[secret]@db:5432/x failed'],
    ['mail to jane.doe@example.org refused', 'mail to [address] refused'],
  ])('takes the secret out of %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});
