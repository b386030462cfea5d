import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SETTINGS_TOKEN, type Settings } from '../../config/settings.js';
import { FilterMatcher } from '../../library/filter-matcher.js';
import type { Wish } from '../../model/subscription.js';
import { TAXONOMY_TOKEN, type Taxonomy } from '../../model/taxonomy.js';
import { AppError, type ProblemItem } from '../../problem.js';
import type { StoredSubscription } from '../../store/subscriptions.store.js';
import { readSubscriptionRequest, readWish } from '../../subscriptions/read-wish.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { frequencyInWords } from '../../subscriptions/frequency-in-words.js';
import type { Html } from '../html.js';
import { renderPage } from '../page.js';
import { SiteReader } from '../site.js';
import { emptyForm, formSent, toRequest, type Fields, type FormState } from './form.js';
import {
  preferencesForm,
  renderConfirm,
  renderConfirmed,
  renderDeleted,
  renderPending,
  renderPreferences,
  renderPrivacy,
  renderSubscribe,
  renderUnsubscribe,
  renderUnsubscribed,
  wishList,
} from './render-subscribe.js';

const HTML = 'text/html; charset=utf-8';

/**
 * There are no cookies, so another site's form can do nothing in a visitor's name but make their address count as the
 * sender: browsers say where a form came from, and that is refused.
 */
function refuseForeignForms(request: FastifyRequest): void {
  if (request.headers['sec-fetch-site'] === 'cross-site')
    throw new AppError('invalid-body', 'This form was sent by another site; open the page here and send it again');
}

const fieldsOf = (body: unknown): Fields =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Fields) : {};

/** Subscribing, confirming, preferences and unsubscribing in plain pages. GET shows, POST acts. */
@Controller()
export class SubscribeController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly matcher: FilterMatcher,
    private readonly site: SiteReader,
    @Inject(TAXONOMY_TOKEN) private readonly taxonomy: Taxonomy,
    @Inject(SETTINGS_TOKEN) private readonly settings: Settings,
  ) {}

  @Get('subscribe')
  @Header('Content-Type', HTML)
  async form(@Req() request: FastifyRequest): Promise<string> {
    const form = emptyForm(request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : '');
    return this.subscribePage(form, []);
  }

  @Post('subscribe')
  async subscribe(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    refuseForeignForms(request);
    const form = this.read(body);
    let status = 202;
    let page: string;
    try {
      const { email, wish } = readSubscriptionRequest(toRequest(form, true), this.taxonomy);
      await this.subscriptions.signUp(email, wish, request.ip);
      page = await this.page('Look into your mailbox', '/subscribe', renderPending((await this.site.read()).demo));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid-body') throw error;
      status = 400;
      page = await this.subscribePage(form, error.items);
    }
    void reply.status(status).header('Content-Type', HTML).header('Cache-Control', 'no-store').send(page);
  }

  @Get('confirm/:token')
  @Header('Content-Type', HTML)
  async askToConfirm(@Param('token') token: string): Promise<string> {
    const { state, requested, wish } = await this.subscriptions.byToken(token, 'confirm');
    const change = state === 'active' || state === 'paused' || state === 'suspended';
    return this.page('Confirm', null, renderConfirm(this.list(requested ?? wish), change));
  }

  @Post('confirm/:token')
  @HttpCode(200)
  @Header('Content-Type', HTML)
  async confirm(@Param('token') token: string, @Req() request: FastifyRequest): Promise<string> {
    refuseForeignForms(request);
    const { subscription, manage } = await this.subscriptions.confirm(token);
    return this.page('Subscribed', null, renderConfirmed(this.list(subscription.wish), `/preferences/${manage}`));
  }

  @Get('preferences/:token')
  @Header('Content-Type', HTML)
  async preferences(@Param('token') token: string): Promise<string> {
    const subscription = await this.subscriptions.byToken(token, 'manage');
    return this.preferencesPage(token, subscription, preferencesForm(subscription), [], null);
  }

  @Get('preferences/:token/data')
  async data(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    const data = await this.subscriptions.export(await this.subscriptions.byToken(token, 'manage'));
    void reply
      .header('Content-Type', 'application/json; charset=utf-8')
      .header('Content-Disposition', 'attachment; filename="subscription.json"')
      .header('Cache-Control', 'no-store')
      .send(JSON.stringify(data, null, 2));
  }

  @Post('preferences/:token')
  async change(
    @Param('token') token: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    refuseForeignForms(request);
    const subscription = await this.subscriptions.byToken(token, 'manage');
    const { status, page } = await this.act(token, subscription, fieldsOf(body));
    void reply.status(status).header('Content-Type', HTML).header('Cache-Control', 'no-store').send(page);
  }

  private async act(
    token: string,
    subscription: StoredSubscription,
    fields: Fields,
  ): Promise<{ status: number; page: string }> {
    const { id } = subscription;
    const done = async (after: StoredSubscription | null, notice: string) => {
      const now = after ?? subscription;
      return { status: 200, page: await this.preferencesPage(token, now, preferencesForm(now), [], notice) };
    };
    switch (fields['action']) {
      case 'save': {
        const form = this.read(fields);
        try {
          const wish = readWish(toRequest(form, false), this.taxonomy);
          return await done(await this.subscriptions.change(id, { kind: 'changed', wish }), 'Your changes are saved.');
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'invalid-body') throw error;
          return { status: 400, page: await this.preferencesPage(token, subscription, form, error.items, null) };
        }
      }
      case 'pause':
        return done(await this.subscriptions.change(id, { kind: 'paused' }), 'Paused: nothing comes until you resume.');
      case 'resume':
        return done(await this.subscriptions.change(id, { kind: 'resumed' }), 'Resumed: what you missed comes with the next digest.'); // prettier-ignore
      case 'unsubscribe':
        return done(await this.subscriptions.change(id, { kind: 'unsubscribed' }), 'You are unsubscribed.');
      case 'delete':
        if (fields['sure'] !== 'yes') return done(null, 'Nothing was deleted: tick the box first.');
        await this.subscriptions.delete(id);
        return { status: 200, page: await this.page('Deleted', null, renderDeleted()) };
      default:
        throw new AppError(
          'invalid-body',
          'This form does not say what to do; open the page again and use its buttons',
        );
    }
  }

  @Get('unsubscribe/:token')
  @Header('Content-Type', HTML)
  async askToUnsubscribe(@Param('token') token: string): Promise<string> {
    await this.subscriptions.byToken(token, 'manage');
    return this.page('Unsubscribe', null, renderUnsubscribe());
  }

  /** RFC 8058: mail programs post here by themselves, whatever the body; asked again, the answer is the same. */
  @Post('unsubscribe/:token')
  @HttpCode(200)
  @Header('Content-Type', HTML)
  async unsubscribe(@Param('token') token: string): Promise<string> {
    const { id } = await this.subscriptions.byToken(token, 'manage');
    await this.subscriptions.change(id, { kind: 'unsubscribed' });
    return this.page('Unsubscribed', null, renderUnsubscribed());
  }

  @Get('privacy')
  @Header('Content-Type', HTML)
  async privacy(): Promise<string> {
    const from = this.settings.MAIL_FROM;
    const contact = from === null ? null : (/<([^<>]+)>/.exec(from)?.[1] ?? from).trim();
    return this.page('Privacy', '/privacy', renderPrivacy(contact));
  }

  private read(body: unknown): FormState {
    const fields = fieldsOf(body);
    const form = formSent(fields);
    return fields['dropMore'] === 'yes' ? { ...form, more: '' } : form;
  }

  private list(wish: Wish): Html {
    return wishList(wish, this.matcher.describe(wish.filters), frequencyInWords(wish));
  }

  private more(form: FormState): string | null {
    return form.more === '' ? null : this.matcher.describe(form.more);
  }

  private async subscribePage(form: FormState, problems: readonly ProblemItem[]): Promise<string> {
    const body = renderSubscribe(form, problems, this.taxonomy, this.more(form));
    return this.page('Subscribe', '/subscribe', body);
  }

  private async preferencesPage(
    token: string,
    subscription: StoredSubscription,
    form: FormState,
    problems: readonly ProblemItem[],
    notice: string | null,
  ): Promise<string> {
    const body = renderPreferences(
      {
        subscription,
        form,
        problems,
        moreInWords: this.more(form),
        filtersInWords: this.matcher.describe(subscription.wish.filters),
        recent: await this.subscriptions.recent(subscription.id),
        notice,
        path: `/preferences/${token}`,
      },
      this.taxonomy,
    );
    return this.page('Your subscription', null, body);
  }

  private async page(title: string, path: string | null, body: Html): Promise<string> {
    return renderPage({ title, path, body, noindex: path === null }, await this.site.read());
  }
}
