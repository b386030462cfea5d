import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { readOverrides, type Boot } from './boot.js';
import { CLOCK } from './clock.js';
import { SETTINGS_TOKEN } from './config/settings.js';
import { problemPage } from './http/problem-page.js';
import { ProblemFilter } from './http/problem.filter.js';
import { IngestService } from './ingest/ingest.service.js';
import { readInWorker } from './ingest/import/read-in-worker.js';
import { pubmedPort } from './ingest/pubmed-adapter.js';
import { closeAbandoned } from './jobs/close-abandoned.js';
import { IssueJob } from './jobs/issue-job.js';
import { JobsService } from './jobs/jobs.service.js';
import { holderName } from './jobs/pubmed-claim.js';
import { schedules, type JobRunners } from './jobs/schedule.js';
import { SyncJob, whyNotComplete } from './jobs/sync-job.js';
import { TaggingJob } from './jobs/tagging-job.js';
import { labelsOf } from './digest/describe-paper.js';
import { DigestArchive } from './digest/digest-archive.js';
import { DigestService } from './digest/digest.service.js';
import { IssueService } from './digest/issue.service.js';
import { FilterMatcher } from './library/filter-matcher.js';
import { LibraryService } from './library/library.service.js';
import { Shelf } from './library/shelf.js';
import { LOG } from './log.js';
import type { JobRun } from './model/job-run.js';
import { TAXONOMY_TOKEN } from './model/taxonomy.js';
import { ChangesController } from './publish/api/changes.controller.js';
import { PapersController } from './publish/api/papers.controller.js';
import { StatsController } from './publish/api/stats.controller.js';
import { readAssets, Assets } from './publish/assets.js';
import { AssetsController } from './publish/dashboard/assets.controller.js';
import { OverviewController } from './publish/dashboard/overview.controller.js';
import { OverviewService } from './publish/dashboard/overview.service.js';
import { PaperPageController } from './publish/dashboard/paper-page.controller.js';
import { PapersPageController } from './publish/dashboard/papers-page.controller.js';
import { loadQuality } from './publish/dashboard/load-quality.js';
import { QUALITY, ReadingPagesController } from './publish/dashboard/reading-pages.controller.js';
import { RunsPageController } from './publish/dashboard/runs-page.controller.js';
import { SubscriptionsController } from './publish/api/subscriptions.controller.js';
import { AdminController, MAIL_PREVIEW } from './publish/admin/admin.controller.js';
import { mailHost } from './publish/mail/mail-body.js';
import { dkimOf, MailCourier, MailFolder } from './publish/mail/mail-courier.js';
import { readSmtpUrl, SmtpPool } from './publish/mail/smtp-pool.js';
import { SubscribeController } from './publish/subscribe/subscribe.controller.js';
import { WebhookCourier, WEBHOOK_TIMEOUT_MS } from './publish/webhook/webhook-courier.js';
import { DELIVERY_PACE, DeliveryService } from './subscriptions/delivery.service.js';
import { OffersService } from './subscriptions/offers.service.js';
import { PreviewService } from './subscriptions/preview.service.js';
import { SubscriptionsService } from './subscriptions/subscriptions.service.js';
import { DeliveriesStore } from './store/deliveries.store.js';
import { SetAsideStore } from './store/set-aside.store.js';
import { SubscriptionsStore } from './store/subscriptions.store.js';
import { DeliverJob } from './jobs/deliver-job.js';
import { OpenApiController } from './publish/api/openapi.controller.js';
import { RunsController } from './publish/api/runs.controller.js';
import { DigestDesk } from './publish/digest/digest-desk.js';
import { DigestPagesController, DigestsController } from './publish/digest/digests.controller.js';
import { ExportController } from './publish/export/export.controller.js';
import { DigestFeed } from './publish/feed/digest-feed.js';
import { FeedsController } from './publish/feed/feeds.controller.js';
import { PaperFeed } from './publish/feed/paper-feed.js';
import { DocsController } from './publish/docs/docs.controller.js';
import { Metrics } from './publish/metrics/metrics.js';
import { MetricsController } from './publish/metrics/metrics.controller.js';
import { HealthController } from './publish/health/health.controller.js';
import { HEALTH_SURROUNDINGS, HealthService, type HealthSurroundings } from './publish/health/health.service.js';
import { parseThread } from './pubmed/parse-thread.js';
import { Pacer, realTiming } from './pubmed/pacer.js';
import { LINKS, linksOf } from './publish/paper-links.js';
import { ProblemsController } from './publish/problems/problems.controller.js';
import { SiteReader } from './publish/site.js';
import { CatalogueStore } from './store/catalogue.store.js';
import { ChangesStore } from './store/changes.store.js';
import { ClaimsStore } from './store/claims.store.js';
import { IssuesStore } from './store/issues.store.js';
import { KeptStore } from './store/kept.store.js';
import { PaperPagesStore } from './store/paper-pages.store.js';
import { PapersStore } from './store/papers.store.js';
import { RunsStore } from './store/runs.store.js';
import { SearchStore } from './store/search.store.js';
import { SlotsStore } from './store/slots.store.js';
import { TaggingStore } from './store/tagging.store.js';
import { createTagger } from './tagging/tag-paper.js';
import { tagThreads } from './tagging/tag-threads.js';
import { TaggingService } from './tagging/tagging.service.js';
import { VERSION } from './version.js';

/** The demo's PubMed is its own stand-in in the same process: nobody's rate limit has to be kept. */
const UNPACED = { pacer: new Pacer({ perSecond: 10_000, gapMs: 0 }, realTiming) };

/** Set when the process is told to stop, so that health says so while it finishes. */
export interface Stopping {
  stopping: boolean;
}

/** A class whose constructor takes exactly these values. */
const provide = <T, A extends unknown[]>(type: new (...args: A) => T, ...args: A): Provider => ({
  provide: type,
  useFactory: () => new type(...args),
});

/** The only wiring file, in pipeline order: store, PubMed, ingest, jobs, publish. */
@Module({})
export class AppModule {
  /** The whole program. `serve` adds HTTP; commands leave it out. */
  static of(
    boot: Boot,
    options: { serve: boolean; demo?: boolean; stopping?: Stopping; threads?: boolean },
  ): DynamicModule {
    const { settings, clock, log, taxonomy, database, warnings } = boot;
    const stopping = options.stopping ?? { stopping: false };

    const claims = new ClaimsStore(database);
    const papers = new PapersStore(database);
    const runs = new RunsStore(database, () => clock.now());
    const kept = new KeptStore(database);
    const slots = new SlotsStore(database, claims);

    // a built program parses and tags in threads of their own; sources that are run as they are cannot start any
    const threads = options.threads ?? true;
    const parsing = threads ? parseThread() : null;
    const ingest = new IngestService(
      {
        pubmed: pubmedPort(settings, taxonomy.query, log, {
          ...(options.demo ? UNPACED : {}),
          ...(parsing ? { parse: (body) => parsing.ask(body) } : {}),
        }),
        database,
        papers,
        setAside: new SetAsideStore(database),
        runs,
        claims,
        kept,
        clock,
        settings: { syncFrom: settings.SYNC_FROM, newsFrom: settings.NEWS_FROM, timeZone: settings.TIMEZONE },
      },
      { query: taxonomy.query, readFile: readInWorker },
    );
    const overrides = readOverrides(settings.TAXONOMY, taxonomy);
    const tagging = new TaggingService(
      createTagger(taxonomy, overrides),
      database,
      new TaggingStore(database),
      runs,
      claims,
      kept,
      clock,
      threads ? tagThreads(taxonomy, overrides) : undefined,
    );
    const taggingJob = new TaggingJob(
      tagging,
      { holder: holderName(options.serve ? 'server' : 'command'), begins: options.serve && settings.JOBS === 'on' },
      log,
    );
    const syncJob = new SyncJob(ingest, claims, log, (trigger) => taggingJob.wake(trigger));

    const pages = new PaperPagesStore(database);
    const shelf = new Shelf(new CatalogueStore(database), new SearchStore(database), taxonomy);
    const library = new LibraryService(shelf, pages, new ChangesStore(database));
    const matcher = new FilterMatcher(shelf, taxonomy);

    const issues = new IssuesStore(database);
    const links = { external: !options.demo };
    const digests = new DigestService(
      issues,
      kept,
      matcher,
      clock,
      taxonomy,
      { timeZone: settings.TIMEZONE, newsFrom: settings.NEWS_FROM },
      (paper) => linksOf(paper, links),
    );
    const issuing = new IssueService(database, issues, kept, digests, clock, taxonomy, {
      timeZone: settings.TIMEZONE,
      cron: settings.DIGEST_CRON,
      waitMs: settings.DIGEST_WAIT,
    });
    const issueJob = new IssueJob(issuing, runs, clock, log);

    const outcome = async (run: JobRun) =>
      run.status === 'complete' || whyNotComplete(run, (await papers.count()).papers);
    const publicUrl = settings.PUBLIC_URL.replace(/\/$/, '');
    const subscriptionsStore = new SubscriptionsStore(database);
    const deliveriesStore = new DeliveriesStore(database);
    const mail = new MailCourier(
      taxonomy,
      {
        publicUrl,
        footer: settings.MAIL_FOOTER,
        from: settings.MAIL_FROM ?? `digest@${mailHost(publicUrl)}`,
        dkim: dkimOf(settings),
      },
      settings.SMTP_URL === null
        ? new MailFolder(settings.MAIL_DIR, publicUrl)
        : new SmtpPool(readSmtpUrl(settings.SMTP_URL, mailHost(publicUrl))),
      clock,
    );
    const webhook = new WebhookCourier(
      taxonomy,
      { publicUrl, allow: settings.OUTBOUND_ALLOW ?? [], timeoutMs: WEBHOOK_TIMEOUT_MS, off: options.demo ?? false },
      clock,
    );
    const subscriptions = new SubscriptionsService(database, subscriptionsStore, deliveriesStore, clock, log, () =>
      deliverJob.wake(),
    );
    const offers = new OffersService(issues, deliveriesStore, digests, matcher, clock, settings.DIGEST_WAIT);
    const deliveries = new DeliveryService({
      database,
      store: subscriptionsStore,
      deliveries: deliveriesStore,
      subscriptions,
      issues,
      digests,
      issuing,
      offers,
      matcher,
      taxonomy,
      runs,
      couriers: { mail, webhook },
      clock,
      log,
      settings: { timeZone: settings.TIMEZONE, publicUrl, ...DELIVERY_PACE },
    });
    const deliverJob = new DeliverJob(
      deliveries,
      { holder: holderName('server'), wakes: options.serve && settings.JOBS === 'on' },
      log,
    );

    const runners: JobRunners = {
      sync: async (attempt) => outcome(await syncJob.run({ ...attempt, holder: holderName('server') })),
      sweep: async (attempt) => outcome(await syncJob.run({ ...attempt, holder: holderName('server'), full: true })),
      tag: ({ trigger }) => taggingJob.run(trigger),
      deliver: ({ trigger }) => deliverJob.run(trigger),
      issue: async ({ trigger }) => {
        const { waiting } = await issueJob.run({ trigger, holder: holderName('server') });
        return waiting === null || `The digest of ${waiting} waits for a complete sync that reaches past its last day.`;
      },
    };

    const pipeline: Provider[] = [
      { provide: SETTINGS_TOKEN, useValue: settings },
      { provide: CLOCK, useValue: clock },
      { provide: LOG, useValue: log },
      { provide: TAXONOMY_TOKEN, useValue: taxonomy },
      { provide: LINKS, useValue: links },
      { provide: ClaimsStore, useValue: claims },
      { provide: PapersStore, useValue: papers },
      { provide: RunsStore, useValue: runs },
      { provide: KeptStore, useValue: kept },
      { provide: IssuesStore, useValue: issues },
      { provide: DigestService, useValue: digests },
      { provide: IssueService, useValue: issuing },
      { provide: IssueJob, useValue: issueJob },
      { provide: SubscriptionsStore, useValue: subscriptionsStore },
      { provide: DeliveriesStore, useValue: deliveriesStore },
      { provide: SubscriptionsService, useValue: subscriptions },
      { provide: DeliveryService, useValue: deliveries },
      { provide: DeliverJob, useValue: deliverJob },
      { provide: PreviewService, useValue: new PreviewService(offers, () => deliveries.openLetters()) },
      { provide: MAIL_PREVIEW, useValue: mail },
      { provide: IngestService, useValue: ingest },
      { provide: SyncJob, useValue: syncJob },
      { provide: TaggingService, useValue: tagging },
      { provide: TaggingJob, useValue: taggingJob },
      { provide: PaperPagesStore, useValue: pages },
      { provide: Shelf, useValue: shelf },
      { provide: LibraryService, useValue: library },
      { provide: FilterMatcher, useValue: matcher },
    ];
    if (!options.serve) return { module: AppModule, providers: pipeline, exports: pipeline };

    const jobs: Provider = {
      provide: JobsService,
      inject: [SchedulerRegistry],
      useFactory: (registry: SchedulerRegistry) =>
        new JobsService(
          settings.JOBS === 'on' ? schedules(settings, runners) : [],
          settings.TIMEZONE,
          registry,
          claims,
          slots,
          clock,
          log,
          () => closeAbandoned(claims, runs, clock),
        ),
    };
    const surroundings: Provider = {
      provide: HEALTH_SURROUNDINGS,
      inject: [JobsService],
      useFactory: (service: JobsService): HealthSurroundings => ({
        version: VERSION,
        warnings,
        now: () => clock.now(),
        nextSyncAt: () => service.nextAt('sync'),
        isStopping: () => stopping.stopping,
      }),
    };
    const health: Provider = {
      provide: HealthService,
      inject: [HEALTH_SURROUNDINGS],
      useFactory: (around: HealthSurroundings) => new HealthService(database, papers, runs, around),
    };
    const overview: Provider = {
      provide: OverviewService,
      inject: [JobsService],
      useFactory: (service: JobsService) =>
        new OverviewService(library, shelf, digests, issues, papers, runs, taxonomy, links, {
          now: () => clock.now(),
          nextSyncAt: () => service.nextAt('sync'),
        }),
    };
    const assets = readAssets();
    const site = new SiteReader(
      {
        name: taxonomy.name,
        noun: taxonomy.noun,
        publicUrl: settings.PUBLIC_URL.replace(/\/$/, ''),
        demo: options.demo ?? false,
        version: VERSION,
        assets,
      },
      {
        asOf: () => runs.lastCompleteSyncAt(),
        completeThrough: () => digests.completeThrough(),
      },
    );
    const feeds = {
      publicUrl: settings.PUBLIC_URL.replace(/\/$/, ''),
      timeZone: settings.TIMEZONE,
      facets: taxonomy.facets,
      label: labelsOf(taxonomy.facets),
      abstracts: settings.FEED_ABSTRACTS === 'full',
      now: () => clock.now(),
      asOf: () => runs.lastCompleteSyncAt(),
    };
    return {
      module: AppModule,
      imports: [ScheduleModule.forRoot()],
      controllers: [
        HealthController,
        RunsController,
        PapersController,
        SubscriptionsController,
        SubscribeController,
        AdminController,
        StatsController,
        ChangesController,
        OpenApiController,
        AssetsController,
        OverviewController,
        PapersPageController,
        PaperPageController,
        ReadingPagesController,
        RunsPageController,
        ProblemsController,
        DigestsController,
        DigestPagesController,
        ExportController,
        FeedsController,
        DocsController,
        MetricsController,
      ],
      providers: [
        ...pipeline,
        jobs,
        surroundings,
        health,
        overview,
        { provide: QUALITY, useValue: loadQuality(taxonomy.version) },
        { provide: Assets, useValue: assets },
        { provide: SiteReader, useValue: site },
        provide(
          DigestDesk,
          digests,
          new DigestArchive(digests, issues, clock, settings.TIMEZONE),
          taxonomy,
          runs,
          site,
          { publicUrl: settings.PUBLIC_URL.replace(/\/$/, ''), timeZone: settings.TIMEZONE },
        ),
        provide(Metrics, {
          now: () => clock.now(),
          papers: () => papers.count(),
          lastCompleteSyncAt: () => runs.lastCompleteSyncAt(),
          runs: () => runs.counts(),
          deliveries: () => deliveriesStore.counts(),
        }),
        provide(PaperFeed, library, papers, taxonomy, links, feeds),
        provide(DigestFeed, digests, issues, taxonomy, feeds),
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(log, problemPage(site)) },
      ],
    };
  }
}
