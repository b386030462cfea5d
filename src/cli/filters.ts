import type { Command } from 'commander';
import { FILTER_PARAMETERS, type RawFilter } from '../library/parse-filter.js';
import { SORTS } from '../model/filter.js';

/** Options by which filters are given: `--condition ptsd --from 2024`, as in the API. */
export function withFilters(command: Command, sorted = false): Command {
  command.argument('[filters...]', 'as in the API: condition=ptsd,-depression study=rct q="nasal spray"');
  for (const name of FILTER_PARAMETERS) command.option(`--${name} <value>`, `filter ${name}`, collect);
  if (sorted) command.option('--sort <sort>', `order: ${SORTS.join(', ')}`, collect);
  return command;
}

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

/**
 * Filters from what stands behind a command: options, `name=value`, and whole query strings. Whether they are known is
 * for parseFilter to say.
 */
export function readFilters(words: readonly string[], options: Readonly<Record<string, unknown>>): RawFilter {
  const query: Record<string, string[]> = {};
  for (const word of words) {
    const text = word.replace(/^\?/, '');
    // one filter as typed in a shell, or an address's query string as copied
    const pairs: Iterable<[string, string]> =
      /^[^=]*=[^=]*$/.test(text) && !/%[0-9a-f]{2}|\+/i.test(text)
        ? [[text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]]
        : text.includes('=')
          ? new URLSearchParams(text)
          : [[text, '?']];
    for (const [name, value] of pairs) (query[name] ??= []).push(value);
  }
  for (const name of [...FILTER_PARAMETERS, 'sort']) {
    const given = options[name];
    if (Array.isArray(given)) (query[name] ??= []).push(...given.map(String));
  }
  return query;
}
