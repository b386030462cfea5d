import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { aDigest, taxonomy } from '../../../test/support/a-digest.js';
import { aView } from '../../../test/support/a-view.js';
import { aWeek } from '../../../test/support/a-week.js';
import type { Correction } from '../../model/issue.js';
import { listHeaders, messageId, TOKEN_MARK, withToken } from './mail-body.js';
import { renderConfirmationMail } from './render-confirmation-mail.js';
import { renderDigestMail } from './render-digest-mail.js';

const sender = { publicUrl: 'https://tracker.example', footer: 'Fictional Institute, 1 Example Street' };
const rendering = {
  taxonomy,
  filters: null,
  asOf: '2026-11-23T08:20:00.000Z',
  pageUrl: 'https://tracker.example/digests/2026-W47',
  site: 'https://tracker.example',
};
const retraction: Correction = {
  kind: 'retraction',
  pmid: '80000001',
  title: 'Too good',
  noticePmid: null,
  seenAt: '2026-11-20T00:00:00.000Z',
  issue: null,
};

describe('the mail of a digest', () => {
  it('stays under what Gmail clips, however long the digest', () => {
    for (const count of [1, 60, 120, 250]) {
      const mail = renderDigestMail(aDigest({ papers: aWeek(count) }), rendering, sender);
      expect(Buffer.byteLength(withToken(mail.html, 'x'.repeat(43)))).toBeLessThan(100_000);
      for (const paper of aWeek(count)) expect(mail.html).toContain(`/${paper.pmid}/`);
    }
  });

  it('loads nothing from anywhere and runs nothing', () => {
    const { html } = renderDigestMail(aDigest({ papers: aWeek(60) }), rendering, sender);
    expect(html).not.toMatch(/<(img|script|link|iframe|object|form|video)\b|url\(|@import|background=/i);
  });

  it('says what it is in the subject, one line whatever the title', () => {
    const subject = (given: Parameters<typeof aDigest>[0]) =>
      renderDigestMail(aDigest(given), rendering, sender).subject;
    expect(subject({ papers: aWeek(2), corrections: [retraction] })).toBe(
      'Ketamine digest, week 47 of 2026: 2 papers, 1 retraction',
    );
    expect(subject({ corrections: [{ ...retraction, kind: 'erratum' }] })).toBe(
      'Ketamine digest, week 47 of 2026: 1 correction to earlier papers',
    );
    expect(subject({})).toBe('Ketamine digest, week 47 of 2026: nothing new');
    const hostile = { ...taxonomy, name: 'Ketamine\r\nBcc: all@x.example' };
    expect(renderDigestMail(aDigest({}), { ...rendering, taxonomy: hostile }, sender).subject).not.toMatch(/[\r\n]/);
  });

  it('takes no markup and no token mark from a title', () => {
    const paper = aView({ title: `<script>x</script>${TOKEN_MARK}</title><img src=x onerror=alert(1)>` });
    const mail = renderDigestMail(aDigest({ papers: [paper] }), rendering, sender);
    expect(mail.html).not.toMatch(/<script>x|<img/);
    expect(mail.html.split(TOKEN_MARK)).toHaveLength(3);
    expect(mail.text.split(TOKEN_MARK)).toHaveLength(3);
  });

  it('has the same words in both parts', () => {
    const digest = aDigest({ papers: aWeek(20), corrections: [retraction] });
    const mail = renderDigestMail(digest, rendering, sender);
    const flat = (text: string) => text.replace(/\s+/g, ' ');
    for (const part of [digest.summary, 'If you read only these', 'Not medical advice.', '1 Example Street'])
      for (const body of [mail.html, mail.text]) expect(flat(body).toLowerCase()).toContain(part.toLowerCase());
  });

  it('is made of the committed shell.mjml', () => {
    const code = `import('./scripts/build-mail-shell.mjs').then(async (m) => process.stdout.write(await m.buildShell()))`;
    const built = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(readFileSync('src/publish/mail/shell.generated.ts', 'utf8')).toBe(built);
  });
});

describe('the confirmation mail', () => {
  it('asks without telling more than was asked for', () => {
    const words = {
      listName: 'Ketamine digest',
      frequency: 'every Monday',
      filters: '<b>PTSD</b>',
      webhook: null,
      change: false,
      days: 7,
    };
    const mail = renderConfirmationMail(words, sender); // prettier-ignore
    expect(mail.text).toContain(`https://tracker.example/confirm/${TOKEN_MARK}`);
    expect(mail.html).toContain('&lt;b&gt;PTSD&lt;/b&gt;');
    expect(mail.list).toBe(false);
  });
});

describe('mail headers', () => {
  it('let mail programs end the series with one click', () => {
    expect(listHeaders('https://tracker.example', 'Ketamine <digest>\r\nX: y', 'TOKEN')).toEqual({
      'List-Id': 'Ketamine digest X y <digest.tracker.example>',
      'List-Unsubscribe': '<https://tracker.example/unsubscribe/TOKEN>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
  });

  it('name a delivery the same whenever it is sent', () => {
    expect(messageId('0abc', 'https://tracker.example:8443/sub')).toBe('<0abc@tracker.example>');
  });
});
