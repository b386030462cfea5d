import { SETTINGS, SETTING_NAMES, type SettingName } from './settings.js';

interface Row {
  name: SettingName;
  group: string;
  doc: string;
  default: string | undefined;
  defaultText: string | undefined;
  secret: boolean;
}

const rows = (): Row[] =>
  SETTING_NAMES.map((name) => {
    const { group, doc, ...rest } = SETTINGS[name];
    const more = rest as { default?: string; defaultText?: string; secret?: boolean };
    return { name, group, doc, default: more.default, defaultText: more.defaultText, secret: more.secret ?? false };
  });

/** Node 20 has no Map.groupBy yet. */
function byGroup(): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows()) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return groups;
}

/** The text of `.env.example`. */
export function renderEnvExample(): string {
  const lines = [
    '# Every setting with its default. Copy to .env and uncomment what you change.',
    '# Secrets can also be given as a file: NAME_FILE=/path.',
  ];
  for (const [group, settings] of byGroup()) {
    lines.push('', `# --- ${group}`);
    for (const row of settings) {
      lines.push(
        '',
        `# ${row.doc}${row.defaultText ? ` Default: ${row.defaultText}.` : ''}`,
        `#${row.name}=${row.default ?? ''}`,
      );
    }
  }
  return lines.join('\n') + '\n';
}

/** The text of docs/configuration.md. */
export function renderConfigurationPage(): string {
  const lines = [
    '# Configuration',
    '',
    '<!-- Made from src/config/settings.ts by `npm run fix`; do not edit. -->',
    '',
    'Settings come from the environment and from a file `.env` beside `package.json`; the environment wins, and a setting that is set to nothing counts as unset.',
    'Secrets can also be given as `NAME_FILE`, the path of a file that holds the value. All problems are reported at once, by name and rule, never by value, and any problem stops the start.',
    '`npm run cli -- config` shows every setting, its value (secrets excepted) and where it came from.',
    '',
    'Cron settings have five fields (minute, hour, day of month, month, day of week) in `TIMEZONE`, or are `off`. Durations are written `90s`, `15m`, `24h`, `2d`.',
  ];
  for (const [group, settings] of byGroup()) {
    lines.push('', `## ${group}`, '', '| name | default | |', '|---|---|---|');
    for (const row of settings) {
      const fallback = row.defaultText ?? (row.default === undefined ? '–' : `\`${row.default}\``);
      lines.push(`| \`${row.name}\` | ${fallback} | ${row.doc}${row.secret ? ' *Secret.*' : ''} |`);
    }
  }
  return lines.join('\n') + '\n';
}
