import { createServer, type AddressInfo, type Server } from 'node:net';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { PostgresDatabase } from './postgres-database.js';

/** A message of PostgreSQL's protocol (PostgreSQL documentation, “Message Formats”). */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

describe('a connection that is cut in the moment in which it is made', () => {
  let server: Server;
  let pool: pg.Pool;

  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        const ready = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))];
        const cut = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));
        // in one piece, so that the client reads all of it before anybody can take the connection
        socket.end(Buffer.concat([...ready, cut]));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    pool = new pg.Pool({ host: '127.0.0.1', port, user: 'nobody', database: 'none', ssl: false });
    pool.on('error', () => undefined);
  });

  afterEach(async () => {
    await pool.end();
    await new Promise((resolve) => server.close(resolve));
  });

  it('fails the transaction and does not end the process', async () => {
    const database = new PostgresDatabase({ driver: { master: pool } } as unknown as DataSource);
    const thrown: unknown[] = [];
    const note = (error: unknown) => void thrown.push(error);
    process.on('uncaughtException', note);
    try {
      const work = database.transaction((sql) => sql.all('SELECT 1'));
      await expect(work).rejects.toMatchObject({ code: 'database-unavailable' });
    } finally {
      process.off('uncaughtException', note);
    }
    expect(thrown).toEqual([]);
  });
});
