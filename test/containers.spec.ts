import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { SETTINGS } from '../src/config/settings.js';

interface Service {
  environment?: Record<string, string>;
  secrets?: string[];
  healthcheck?: unknown;
}
const compose = parse(readFileSync('compose.yaml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
};
const dockerfile = readFileSync('Dockerfile', 'utf8');

describe('the containers', () => {
  it('are given only settings that there are, and secrets as files', () => {
    const known = new Set(
      Object.entries(SETTINGS).flatMap(([name, setting]) =>
        'secret' in setting && setting.secret ? [`${name}_FILE`] : [name],
      ),
    );
    for (const name of ['app', 'replica']) {
      const names = Object.keys(compose.services[name]?.environment ?? {});
      expect(names.filter((one) => !known.has(one))).toEqual([]);
      expect(names).toContain('DATABASE_URL_FILE');
    }
  });

  it('use only secrets that are defined, under the paths that the settings name', () => {
    for (const service of Object.values(compose.services)) {
      for (const secret of service.secrets ?? []) expect(Object.keys(compose.secrets)).toContain(secret);
      for (const [name, value] of Object.entries(service.environment ?? {}))
        if (name.endsWith('_FILE')) expect(service.secrets).toContain(value.replace('/run/secrets/', ''));
    }
  });

  it('are one that works, one that only serves, and a database', () => {
    expect(compose.services['app']?.environment?.['JOBS']).toBe('on');
    expect(compose.services['replica']?.environment?.['JOBS']).toBe('off');
    expect(compose.services['database']?.healthcheck).toBeDefined();
  });

  it('are built of files that are there, run as nobody special, and say how they are', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    expect(copied.length).toBeGreaterThan(4);
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });
});
