import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { holderName } from '../jobs/pubmed-claim.js';
import { FilterMatcher } from '../library/filter-matcher.js';
import type { JobRun } from '../model/job-run.js';
import { DeliveryService } from '../subscriptions/delivery.service.js';
import type { Plan } from '../subscriptions/plan-deliveries.js';
import { print, stopSignal, tell, withStore, type ExitCode } from './command.js';

/** An address that its owner recognises and nobody else can write to: `r…r@e….org`. */
export function shortenAddress(email: string): string {
  const at = email.lastIndexOf('@');
  const [name, domain] = [email.slice(0, at), email.slice(at + 1)];
  const [first = '', ...rest] = domain.split('.');
  const short = (text: string) => (text.length > 2 ? `${text[0]}…${text[text.length - 1]}` : `${text[0] ?? ''}…`);
  return `${short(name)}@${short(first)}.${rest[rest.length - 1] ?? ''}`;
}

/** `digest send [--dry-run]`: delivers what is due, or says who would get what. */
export const sendCommand = (options: { dryRun?: boolean; format?: string }): Promise<ExitCode> =>
  withStore(async (boot) => {
    const app = await NestFactory.createApplicationContext(AppModule.of(boot, { serve: false }), {
      logger: ['error', 'warn'],
    });
    try {
      const delivery = app.get(DeliveryService);
      const signal = stopSignal();
      if (options.dryRun) {
        const matcher = app.get(FilterMatcher);
        let readers = 0;
        await delivery.rehearse(signal, (plans) => {
          for (const plan of plans) {
            if (plan.delivery.status === 'empty') continue;
            readers++;
            print(options.format === 'json' ? JSON.stringify(planData(plan)) : planLine(plan, matcher));
          }
        });
        tell(readers === 0 ? 'Nobody would be written to now' : `${readers} would be written to; nothing was sent`);
        return 0;
      }
      const run = await delivery.run({ trigger: 'command', holder: holderName('`digest send`'), signal });
      if (run === null) {
        tell('There is nothing to send');
        return 0;
      }
      print(options.format === 'json' ? JSON.stringify(run) : renderDeliveries(run));
      return run.status === 'complete' ? 0 : 2;
    } finally {
      await app.close();
    }
  });

const planData = ({ subscription, period, delivery }: Plan) => ({
  address: shortenAddress(subscription.email),
  period: period.key,
  by: subscription.wish.webhook ? 'webhook' : 'mail',
  filters: subscription.wish.filters,
  pmids: delivery.pmids,
  corrections: delivery.correctionIds.length,
});

function planLine({ subscription, period, delivery }: Plan, matcher: Pick<FilterMatcher, 'describe'>): string {
  const { pmids, correctionIds } = delivery;
  const parts = [
    shortenAddress(subscription.email).padEnd(20),
    period.key.padEnd(10),
    `${pmids.length} papers${correctionIds.length > 0 ? `, ${correctionIds.length} corrections` : ''}`,
    `(${matcher.describe(subscription.wish.filters) ?? 'all papers'})`,
    pmids.length > 8 ? `${pmids.slice(0, 8).join(' ')} …` : pmids.join(' '),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** What a round of deliveries did, in a few lines. */
export function renderDeliveries(run: JobRun): string {
  const { confirmations, planned, sent, empty, postponed, failed, refused, cancelled, waiting } = run.counts;
  const lines = [
    `${run.job} ${run.status}  ${run.id}  (${run.trigger}, ${run.startedAt}${run.finishedAt ? ` to ${run.finishedAt}` : ''})`,
    `  planned ${planned}, nothing new for ${empty}, waiting for an issue or a sync ${waiting}, confirmations ${confirmations}`,
    `  sent ${sent}, postponed ${postponed}, failed ${failed}, refused ${refused}, cancelled ${cancelled}`,
  ];
  if (run.error) lines.push(`  ${run.error.code}: ${run.error.detail}`);
  return lines.join('\n');
}
