import { demoSettings } from './demo-settings.js';

const STAND_IN = 'http://127.0.0.1:4711/entrez/eutils/';

describe('settings of the demo', () => {
  it('lead neither to PubMed nor to a mail server nor to the real store, whatever the surroundings say', () => {
    const { settings } = demoSettings(
      {
        NCBI_BASE_URL: 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/',
        NCBI_API_KEY: 'key',
        SMTP_URL: 'smtp://mail.example.org',
        MAIL_FROM: 'a@example.org',
        DATABASE_URL: 'postgres://u:p@db.example.org/real',
        OUTBOUND_ALLOW: '10.0.0.0/8',
      },
      'SMTP_URL=smtp://other.example.org\nMAIL_DIR=/srv/mail\nTAXONOMY=other.yaml\n',
      { standIn: STAND_IN, newsFrom: '2026-09-21' },
    );
    expect(settings).toMatchObject({
      NCBI_BASE_URL: STAND_IN,
      NCBI_API_KEY: null,
      SMTP_URL: null,
      DATABASE_URL: 'sqlite:data/var/demo/tracker.sqlite',
      MAIL_DIR: 'data/var/demo/outbox',
      TAXONOMY: 'data/taxonomy.yaml',
      NEWS_FROM: '2026-09-21',
    });
    expect(settings.OUTBOUND_ALLOW).toEqual(demoSettings({}, '', { standIn: STAND_IN }).settings.OUTBOUND_ALLOW);
  });

  it('take where to listen from the environment, then from .env', () => {
    const { settings } = demoSettings({ PORT: '0' }, 'PORT=8080\nHOST=127.0.0.2\n', { standIn: STAND_IN });
    expect(settings).toMatchObject({ PORT: 0, HOST: '127.0.0.2', LOG_LEVEL: 'warn' });
  });

  it('take the public address from the environment only: in .env it is the real server’s', () => {
    const dotEnv = 'PUBLIC_URL=https://real.example.org\nADMIN_TOKEN=a-token-of-the-real-server\n';
    expect(demoSettings({}, dotEnv, { standIn: STAND_IN }).settings).toMatchObject({
      PUBLIC_URL: 'http://127.0.0.1:3000',
      ADMIN_TOKEN: null,
    });
    const environment = { PUBLIC_URL: 'https://demo.example.org' };
    expect(demoSettings(environment, dotEnv, { standIn: STAND_IN }).settings.PUBLIC_URL).toBe(
      'https://demo.example.org',
    );
  });
});
