import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { AppError } from '../../problem.js';

/** What the store says when somebody looks. */
export interface MetricsSource {
  now: () => number;
  papers: () => Promise<{ papers: number; untagged: number }>;
  lastCompleteSyncAt: () => Promise<number | null>;
  runs: () => Promise<{ job: string; status: string; count: number }[]>;
  deliveries: () => Promise<Record<string, number>>;
}

/** Figures of this process and of the store, in the form that Prometheus reads. Nothing in it is about a person. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly durations: Histogram<'method' | 'route' | 'status'>;
  private readonly papers: Gauge;
  private readonly untagged: Gauge;
  private readonly syncAge: Gauge;
  private readonly runs: Gauge<'job' | 'status'>;
  private readonly deliveries: Gauge<'status'>;
  private readonly storeUp: Gauge;

  constructor(private readonly source: MetricsSource) {
    const registers = [this.registry];
    const gauge = (name: string, help: string) => new Gauge({ name: `tracker_${name}`, help, registers });
    collectDefaultMetrics({ register: this.registry });
    this.durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'How long answers took, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    this.storeUp = gauge('store_up', '1 when the database answers');
    this.papers = gauge('papers', 'Papers in the store');
    this.untagged = gauge('papers_untagged', 'Papers that wait for the tagger');
    this.syncAge = gauge('last_complete_sync_age_seconds', 'Seconds since the last complete sync ended; absent before the first'); // prettier-ignore
    this.runs = new Gauge({
      name: 'tracker_runs',
      help: 'Runs in the ledger',
      labelNames: ['job', 'status'],
      registers,
    });
    this.deliveries = new Gauge({ name: 'tracker_deliveries', help: 'Deliveries by status', labelNames: ['status'], registers }); // prettier-ignore
  }

  /** `route` is the pattern of the address, never the address: a token or a PMID must not become a label. */
  observe(method: string, route: string, status: number, seconds: number): void {
    this.durations.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  async render(): Promise<string> {
    try {
      await this.readStore();
      this.storeUp.set(1);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.storeUp.set(0);
    }
    return this.registry.metrics();
  }

  private async readStore(): Promise<void> {
    const { papers, untagged } = await this.source.papers();
    this.papers.set(papers);
    this.untagged.set(untagged);
    const at = await this.source.lastCompleteSyncAt();
    if (at === null) this.syncAge.remove();
    else this.syncAge.set(Math.max(0, (this.source.now() - at) / 1000));
    this.runs.reset();
    for (const { job, status, count } of await this.source.runs()) this.runs.set({ job, status }, count);
    for (const [status, count] of Object.entries(await this.source.deliveries()))
      this.deliveries.set({ status }, count);
  }
}
