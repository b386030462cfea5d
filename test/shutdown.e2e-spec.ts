import { Agent, request, type IncomingMessage } from 'node:http';
import { stockOn } from './support/a-library.js';
import { aProcess } from './support/a-process.js';
import { testStore } from './support/database.js';

interface Outcome {
  /** `whole` = answered to the last byte. `unsent` = the connection could not be made or was closed before a byte came back. */
  kind: 'whole' | 'half' | 'unsent';
  status: number;
  /** The connection had carried a request before. */
  reused: boolean;
}

/** Asks once, and says whether what came back is whole. */
const ask = (url: string, agent: Agent): Promise<Outcome> =>
  new Promise((resolve) => {
    let reused = false;
    let answer: IncomingMessage | null = null;
    const fail = () => resolve({ kind: answer ? 'half' : 'unsent', status: answer?.statusCode ?? 0, reused });
    const asked = request(url, { agent }, (response) => {
      answer = response;
      let length = 0;
      response.on('data', (part: Buffer) => (length += part.length));
      response.on('error', fail);
      response.on('end', () => {
        const announced = response.headers['content-length'];
        const whole = response.complete && (announced === undefined || Number(announced) === length);
        resolve({ kind: whole ? 'whole' : 'half', status: response.statusCode ?? 0, reused });
      });
    });
    asked.on('socket', () => (reused = asked.reusedSocket));
    asked.on('error', fail).end();
  });

describe('the stop signal', () => {
  const papers = Array.from({ length: 2_000 }, (_, index) => ({
    pmid: String(90_000_001 + index),
    title: `Paper ${index}`,
    added: '2026-11-18',
    abstract: [
      { label: null, text: `Ketamine and paper ${index}. ${'Nothing was found. '.repeat(60)}`, category: null },
    ],
  }));

  it('loses no request that was sent and halves no answer, however many clients there are', async () => {
    const store = await testStore('sqlite');
    await stockOn(store.database).store(papers.slice(0, 300));
    const server = aProcess(['dist/main.js'], {
      env: { DATABASE_URL: store.url, JOBS: 'off', RATE_LIMIT: '0', NOW: '2026-11-24T15:00:00Z' },
    });
    const [, url] = await server.says(/listening on (http:\/\/[\d.:]+)/);
    const outcomes: Outcome[] = [];
    const paths = [
      '/api/v1/papers?limit=100',
      '/api/v1/papers/90000001',
      '/feeds/papers.atom',
      '/health/live',
      '/api/v1/export?format=csv',
    ];
    let isWarm = () => {};
    const warm = new Promise<void>((resolve) => (isWarm = resolve));
    let ended = false;
    void server.ended.then(() => (ended = true));
    const clients = Array.from({ length: 8 }, async (_, client) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let turn = client; !ended; turn++) {
        outcomes.push(await ask(`${url}${paths[turn % paths.length]}`, agent));
        if (outcomes.length >= 60) isWarm();
      }
      agent.destroy();
    });
    await warm;
    const before = outcomes.length;
    const code = await server.stop('SIGTERM');
    await Promise.all(clients);
    await store.close();

    expect(code).toBe(0);
    expect(outcomes.filter(({ kind }) => kind === 'half')).toEqual([]);
    expect(outcomes.filter(({ kind, status }) => kind === 'whole' && status !== 200)).toEqual([]);
    // a kept connection is never closed on the next request: its last answer has said that it is the last
    expect(outcomes.filter(({ kind, reused }) => kind === 'unsent' && reused)).toEqual([]);
    expect(outcomes.slice(0, before).every(({ kind }) => kind === 'whole')).toBe(true);
    expect(outcomes.slice(before).some(({ kind }) => kind === 'whole')).toBe(true);
  });

  it('lets a download that is under way come to its end', async () => {
    const store = await testStore('sqlite');
    await stockOn(store.database).store(papers);
    const server = aProcess(['dist/main.js'], {
      env: { DATABASE_URL: store.url, JOBS: 'off', NOW: '2026-11-24T15:00:00Z' },
    });
    const [, url] = await server.says(/listening on (http:\/\/[\d.:]+)/);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${url}/api/v1/export?format=ndjson`, { agent: false }, resolve).on('error', reject).end();
    });
    let text = '';
    response.setEncoding('utf8');
    // one part is read, then the reader waits: the server has most of the file still before it
    await new Promise<void>((resolve) =>
      response.once('data', (part: string) => {
        text += part;
        response.pause();
        resolve();
      }),
    );
    const stopped = server.stop('SIGTERM');
    await server.says(/stopping/);
    const complete = await new Promise<boolean>((resolve) => {
      response.on('data', (part: string) => (text += part));
      response.on('close', () => resolve(response.complete));
      response.resume();
    });
    expect(complete).toBe(true);
    expect(text.trimEnd().split('\n')).toHaveLength(papers.length);
    expect(await stopped).toBe(0);
    await store.close();
  });
});
