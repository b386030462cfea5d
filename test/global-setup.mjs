/** Starts one throwaway PostgreSQL for the whole test run; each suite makes its own database in it (test/support/database.ts). */
import { startPostgres } from './support/start-postgres.mjs';

export default async function globalSetup() {
  globalThis.__postgres = await startPostgres();
  process.env.TEST_POSTGRES_URL = globalThis.__postgres.url;
}
