import { readFileSync } from 'node:fs';

/** A fenced block of a Markdown file. */
export interface Fence {
  language: string;
  text: string;
}

export function readFences(file: string): Fence[] {
  return [...readFileSync(file, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', text = '']) => ({ language, text }),
  );
}

/** Where links and images of a Markdown file lead, without those to other sites. */
export function readLocalLinks(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)]
    .map(([, target, attribute]) => target ?? attribute ?? '')
    .filter((target) => !/^(https?:|mailto:|#)/.test(target));
}

/** Words of a shell command as a shell splits them; quotes only, no variables. */
export function splitCommand(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|[^\s'"]+/g)].map(
    ([whole, single, double]) => single ?? double ?? whole,
  );
}

/** What `curl WORDS…` would do, as far as these pages use it. @throws Error on an option that is not known here */
export async function curl(words: readonly string[], base: string): Promise<{ status: number; body: string }> {
  let url = '';
  let method = 'GET';
  let body: string | undefined;
  const headers: Record<string, string> = {};
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-s') continue;
    if (word === '-o') at++;
    else if (word === '-X') method = words[++at] ?? '';
    else if (word === '-d') body = words[++at];
    else if (word === '-H') {
      const [name = '', ...value] = (words[++at] ?? '').split(':');
      headers[name] = value.join(':').trim();
    } else if (word.startsWith('http')) url = word;
    else throw new Error(`This test does not know what curl ${word} does`);
  }
  const answer = await fetch(url.replace('http://127.0.0.1:3000', base), {
    method,
    headers,
    ...(body ? { body } : {}),
  });
  return { status: answer.status, body: await answer.text() };
}
