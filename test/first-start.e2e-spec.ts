import { existsSync } from 'node:fs';
import { startEutilsServer, type EutilsServer } from '../src/demo/eutils-server.js';
import { readSampleRecords, SampleTimeline, WRITTEN_FOR } from '../src/demo/sample.js';
import { aFreshFolder, aProcess, type AProcess } from './support/a-process.js';

// the files of the build: `npm test` makes them first
const built = existsSync('dist/main.js');

/** What `npm start` does after the build: tables, then the server. */
async function start(env: Record<string, string>): Promise<AProcess> {
  const folder = aFreshFolder();
  const migrate = aProcess(['dist/cli.js', 'migrate'], { folder });
  expect(await migrate.ended).toBe(0);
  return aProcess(['dist/main.js'], { folder, env });
}

const urlOf = async (server: AProcess) => (await server.says(/listening on (http:\/\/[\d.:]+)/))[1] ?? '';
const health = async (url: string) =>
  (await (await fetch(`${url}/health/ready`)).json()) as {
    status: string;
    sync: { detail: string; nextAt: string | null };
    counts: { papers: number };
  };

(built ? describe : describe.skip)('the first start', () => {
  let server: AProcess | null = null;
  let pubmed: EutilsServer | null = null;
  afterEach(async () => {
    await server?.stop();
    await pubmed?.close();
    server = pubmed = null;
  });

  it('says in plain words where it is, where the data goes, what happens and how to go on', async () => {
    const records = new SampleTimeline(readSampleRecords(), WRITTEN_FOR).recordsOn(WRITTEN_FOR);
    pubmed = await startEutilsServer({ records, rate: 0 });
    server = await start({ NCBI_BASE_URL: pubmed.url, NOW: `${WRITTEN_FOR}T10:00:00Z` });
    const url = await urlOf(server);
    await server.says(/sync complete/);
    for (const words of [
      'open it in a browser',
      'Ctrl\\+C',
      'data/var/tracker\\.sqlite',
      'first back-fill',
      '/subscribe',
    ])
      expect(server.output()).toMatch(new RegExp(words));
    const { counts, sync } = await health(url);
    expect(counts.papers).toBeGreaterThan(160);
    expect(sync.detail).toBe('The last sync is complete.');
  }, 120_000);

  it('without the internet stays up, says so in one line with the next try, and offers the demo', async () => {
    server = await start({});
    const url = await urlOf(server);
    await server.says(/Next try/);
    const warnings = server
      .output()
      .split('\n')
      .filter((line) => line.includes('"level":"warn"'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/PubMed cannot be reached .*npm run demo.* Next try 20\d\d-/);
    const { status, sync } = await health(url);
    expect(status).toBe('degraded');
    expect(sync.detail).toMatch(/^The last sync failed: PubMed cannot be reached/);
    expect(Date.parse(sync.nextAt ?? '')).toBeGreaterThan(Date.now());
    expect(new Set(server.outsideHosts())).toEqual(new Set(['eutils.ncbi.nlm.nih.gov']));
  }, 120_000);
});
