import { createReadStream, statSync } from 'node:fs';
import { AppError } from '../problem.js';

/** One line of a file; `text` is null where it is longer than any record can be. */
export interface Line {
  number: number;
  text: string | null;
}

/** A record with 4 MB of text is none. */
const LONGEST_LINE = 4_000_000;

/**
 * Lines of a file, or of the standard input for `-`, as they come in: memory does not grow with the file. Empty lines
 * count but do not come.
 * @throws AppError `file-unreadable`
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const chunks = file === '-' ? process.stdin.setEncoding('utf8') : openFile(file);
  let number = 1;
  let rest = '';
  let tooLong = false;
  const take = (text: string): Line | null => {
    const line = { number, text: tooLong ? null : text.replace(/\r$/, '') };
    number += 1;
    tooLong = false;
    return line.text === null || line.text.trim() !== '' ? line : null;
  };
  try {
    for await (const chunk of chunks) {
      rest += number === 1 && rest === '' ? String(chunk).replace(/^\ufeff/, '') : String(chunk);
      let from = 0;
      for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', from)) {
        const line = take(rest.slice(from, end));
        if (line) yield line;
        from = end + 1;
      }
      rest = rest.slice(from);
      if (rest.length > LONGEST_LINE) {
        tooLong = true;
        rest = '';
      }
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
  const last = rest === '' && !tooLong ? null : take(rest);
  if (last) yield last;
}

function openFile(file: string): AsyncIterable<string> {
  let folder: boolean;
  try {
    folder = statSync(file).isDirectory();
  } catch (cause) {
    throw unreadable(file, cause);
  }
  if (folder) throw new AppError('file-unreadable', `${file} is a folder: name a file of JSON lines`);
  return createReadStream(file, { encoding: 'utf8', highWaterMark: 256 * 1024 });
}

function unreadable(file: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? 'unknown error';
  return new AppError('file-unreadable', `${file} cannot be read (${code})`, { cause });
}
