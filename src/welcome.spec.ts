import { welcome, type Situation } from './welcome.js';

const first: Situation = {
  url: 'http://127.0.0.1:3000',
  settings: {
    DATABASE_URL: 'sqlite:data/var/tracker.sqlite',
    SMTP_URL: null,
    MAIL_DIR: 'data/var/outbox',
    JOBS: 'on',
    SYNC_CRON: '15 */4 * * *',
  },
  noun: 'ketamine',
  papers: 0,
  completeAt: null,
};

describe('the first words of a server', () => {
  it('say where it is, where the data goes, what happens now, how to subscribe and how to stop', () => {
    const words = welcome(first).join('\n');
    expect(words).toMatch(/http:\/\/127\.0\.0\.1:3000 \(open it in a browser; Ctrl\+C stops/);
    expect(words).toContain('everything is kept in data/var/tracker.sqlite');
    expect(words).toContain('first back-fill: PubMed is asked for every paper on ketamine, newest first');
    expect(words).toContain('/subscribe (mails become files in data/var/outbox until SMTP_URL is set)');
  });

  it('say how fresh a known store is', () => {
    const later = { ...first, papers: 30_120, completeAt: Date.parse('2026-11-25T04:00:00Z') };
    expect(welcome(later).join('\n')).toContain('30120 papers, complete as of 2026-11-25T04:00:00.000Z');
    expect(welcome({ ...first, papers: 9 }).join('\n')).toContain(
      'the back-fill goes on where it was: 9 papers so far',
    );
  });

  it('promise no back-fill where this process fetches nothing', () => {
    const words = welcome({ ...first, settings: { ...first.settings, JOBS: 'off' } }).join('\n');
    expect(words).toContain('this process fetches none itself');
    expect(words).not.toContain('first back-fill');
  });

  it('never say who logs in to the database or the mail server', () => {
    const settings = {
      ...first.settings,
      DATABASE_URL: 'postgres://someone:secret@db.example.org:5432/papers',
      SMTP_URL: 'smtp://user:hidden@mail.example.org',
    };
    const words = welcome({ ...first, settings }).join('\n');
    expect(words).toContain('PostgreSQL at db.example.org:5432/papers');
    expect(words).not.toMatch(/someone|secret|user|hidden/);
  });
});
