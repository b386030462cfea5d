import type { StoredSubscription } from '../../store/subscriptions.store.js';
import type { Wish } from '../../model/subscription.js';
import type { Taxonomy } from '../../model/taxonomy.js';
import type { ProblemItem } from '../../problem.js';
import { CONFIRM_DAYS, MANAGE_DAYS } from '../../subscriptions/subscriptions.service.js';
import { html, type Fragment, type Html } from '../html.js';
import { showInstant } from '../show-date.js';
import { emailProblem, formOf, renderFields, type FormState } from './form.js';

type Words = Pick<Taxonomy, 'facets' | 'noun' | 'name'>;

const anew = (problems: readonly ProblemItem[]): Fragment =>
  problems.length > 0 &&
  html`<p class="notice error" role="alert">Nothing has been sent yet: ${problems.length === 1 ? 'one thing' : `${problems.length} things`} below cannot be used.</p>`;

/** The page on which somebody subscribes. */
export const renderSubscribe = (
  form: FormState,
  problems: readonly ProblemItem[],
  taxonomy: Words,
  moreInWords: string | null,
): Html => html`<h1>Get the ${taxonomy.noun} digest</h1>
<p class="lede">New papers by mail, strongest evidence first, each paper once. If one that you were sent is retracted later, the next digest tells you.</p>
${anew(problems)}
<form method="post" action="/subscribe" class="subscribe">
<p><label for="email">E-mail address</label><input type="email" id="email" name="email" value="${form.email}" required maxlength="254" autocomplete="email" />${emailProblem(problems)}</p>
${renderFields(form, problems, taxonomy, moreInWords)}
<p><button class="primary">Subscribe</button></p>
<p class="small muted">A mail with a link comes first; nothing else is sent before you follow it. <a href="/privacy">What is kept of you</a>. Prefer a feed? <a href="/feeds/papers.atom${form.more === '' ? '' : `?${form.more}`}">Here it is</a>.</p>
</form>`;

/** @param demo nothing is mailed: it says where the mail is instead */
export const renderPending = (demo: boolean): Html => html`<h1>Look into your mailbox</h1>
${demo && html`<p class="notice">The demo mails nobody. The mail is the newest file in <code>data/var/demo/outbox</code>; the link in it works.</p>`}
<p class="lede">If this address can be reached, a mail is on its way to it.</p>
<p>Follow the link in it within ${CONFIRM_DAYS} days: only then does the subscription begin. Nothing there after some minutes? Look among the unwanted mail, then <a href="/subscribe">try again</a>.</p>`;

/** What a subscription is, as a list. */
export function wishList(wish: Wish, filters: string | null, frequency: string): Html {
  return html`<dl class="facts">
<dt>Papers</dt><dd>${filters ?? 'all new papers'}</dd>
<dt>When</dt><dd>${frequency}, from 6 in the morning, ${wish.timeZone.replaceAll('_', ' ')}</dd>
<dt>How</dt><dd>${wish.webhook ? `posted to ${new URL(wish.webhook.url).host} (${wish.webhook.style})` : wish.format === 'html' ? 'mail with layout' : 'plain text mail'}${wish.sendEmpty && ', even when there is nothing new'}</dd>
</dl>`;
}

export const renderConfirm = (
  list: Html,
  change: boolean,
): Html => html`<h1>${change ? 'Change the subscription?' : 'Start the subscription?'}</h1>
${list}
<form method="post"><p><button class="primary">${change ? 'Change it' : 'Yes, start it'}</button></p></form>
<p class="small muted">If you did not ask for this, close the page: nothing happens.</p>`;

export const renderConfirmed = (list: Html, preferences: string): Html => html`<h1>Done: you are subscribed</h1>
${list}
<p>The first digest comes when there is something new. Every mail has a link to change or end this; for now, here are <a href="${preferences}">your preferences</a>.</p>`;

export const renderUnsubscribe = (): Html => html`<h1>Unsubscribe?</h1>
<form method="post"><p><button class="primary">Yes, send me nothing more</button></p></form>
<p>Or would you rather get fewer mails, or pause them? That is on the preferences page that each mail links to.</p>`;

export const renderUnsubscribed = (): Html => html`<h1>You are unsubscribed</h1>
<p class="lede">Nothing more will be sent.</p>
<p>The preferences page that each mail links to can also delete everything that is kept of you. To come back, <a href="/subscribe">subscribe again</a>.</p>`;

export const renderDeleted = (): Html => html`<h1>Everything is deleted</h1>
<p class="lede">Your address, your filters and the list of what was sent to you are gone. Links in old mails no longer work.</p>`;

const STATES: Record<StoredSubscription['state'], string> = {
  pending: 'waits for your confirmation',
  active: 'active',
  paused: 'paused',
  suspended: 'stopped, because your mail server or webhook refused what was sent',
  unsubscribed: 'ended',
};

export interface PreferencesView {
  subscription: StoredSubscription;
  form: FormState;
  problems: readonly ProblemItem[];
  moreInWords: string | null;
  filtersInWords: string | null;
  recent: readonly { period: string; status: string; at: number; papers: number; corrections: number }[];
  /** What has just been done. */
  notice: string | null;
  /** The path of the page, with its token. */
  path: string;
}

const button = (action: string, label: string, kind = ''): Html =>
  html`<form method="post" class="inline"><input type="hidden" name="action" value="${action}" /><button${kind !== '' && html` class="${kind}"`}>${label}</button></form>`;

function sentTable(recent: PreferencesView['recent']): Html {
  if (recent.length === 0) return html`<p>Nothing yet.</p>`;
  return html`<table>
<thead><tr><th scope="col">Digest</th><th scope="col">When</th><th scope="col">Papers</th><th scope="col">Corrections</th><th scope="col">State</th></tr></thead>
<tbody>${recent.map(
    ({ period, at, papers, corrections, status }) =>
      html`<tr><td>${/W/.test(period) ? html`<a href="/digests/${period}">${period}</a>` : period}</td><td>${showInstant(at)}</td><td class="num">${papers}</td><td class="num">${corrections}</td><td>${status}</td></tr>`,
  )}</tbody>
</table>`;
}

/** Everything that a reader can do about their subscription. */
export function renderPreferences(view: PreferencesView, taxonomy: Words): Html {
  const { subscription, form, problems, path } = view;
  const { state, wish, webhookKey } = subscription;
  const living = state === 'active' || state === 'paused' || state === 'suspended';
  return html`<h1>Your subscription</h1>
${view.notice !== null && html`<p class="notice" role="status">${view.notice}</p>`}
<p>It is <strong>${STATES[state]}</strong>.</p>
${living && html`<p class="actions">${state === 'active' ? button('pause', 'Pause') : button('resume', 'Resume', 'primary')} ${button('unsubscribe', 'Unsubscribe')}</p>`}
${!living && html`<p><a href="/subscribe">Subscribe again</a></p>`}
${
  living &&
  html`${anew(problems)}
<form method="post" class="subscribe"><input type="hidden" name="action" value="save" />
${renderFields(form, problems, taxonomy, view.moreInWords)}
<p class="hint">For values that you add, papers count from now on; everything else goes on as before.</p>
<p><button class="primary">Save</button></p>
</form>`
}
${
  wish.webhook !== null &&
  webhookKey !== null &&
  html`<h2>Signing key of your webhook</h2>
<p>Posts carry the headers of <a href="https://www.standardwebhooks.com/">Standard Webhooks</a>, signed with <code>${webhookKey}</code>. Keep it secret.</p>`
}
<h2>What was sent</h2>
${sentTable(view.recent)}
<h2>Your data</h2>
<p><a href="${path}/data" download="subscription.json">Download everything that is kept of you</a> (JSON).</p>
<form method="post"><input type="hidden" name="action" value="delete" />
<p><label class="choice"><input type="checkbox" name="sure" value="yes" required /> Delete my address, my filters and the list of what was sent to me, now and for good</label></p>
<p><button class="danger">Delete everything</button></p></form>
<p class="small muted">Links in mails work for ${MANAGE_DAYS} days. <a href="/privacy">What is kept of you</a>.</p>`;
}

export const preferencesForm = (subscription: StoredSubscription): FormState => formOf(subscription.wish);

/** What is kept of readers, and for how long. */
export const renderPrivacy = (contact: string | null): Html => html`<h1>Privacy</h1>
<p class="lede">Reading this site needs no account, sets no cookies and loads nothing from elsewhere. What follows is about subscriptions.</p>
<h2>What is kept</h2>
<ul>
<li>Your e-mail address, your filters, and how often, when and how you want to be written to.</li>
<li>Which papers and corrections each digest to you held, so that no paper comes twice and a retraction reaches whoever was sent the paper.</li>
<li>When each mail was handed over, and the code with which a mail server refused it.</li>
<li>Of the links in your mails only a hash: who reads the database cannot use them.</li>
</ul>
<h2>What is not</h2>
<ul>
<li>Mails hold no pixels, no remote images and no links that count clicks. Nobody is told whether you opened one.</li>
<li>Addresses and links are never written to logs. The network address of a visitor is only counted in memory, to keep anyone from signing up others in bulk.</li>
</ul>
<h2>How long</h2>
<ul>
<li>A sign-up that nobody confirms is deleted after ${CONFIRM_DAYS} days.</li>
<li>After unsubscribing, your address and the list of what was sent stay, so that links in old mails go on working and nothing comes twice should you return. The preferences page that every mail links to deletes them at any time.</li>
<li>Deleting removes everything at once.</li>
</ul>
<h2>Your rights</h2>
<p>On the preferences page you can see, change, download and delete all of it by yourself.${contact !== null && html` For anything else, write to <a href="mailto:${contact}">${contact}</a>.`}</p>`;
