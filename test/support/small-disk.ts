import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, small and in memory. */
export interface SmallDisk {
  folder: string;
  resize: (kilobytes: number) => void;
  /** Kilobytes that files take up by now. */
  used: () => number;
  /** Nothing on it can be written, not even by root. */
  readOnly: (is: boolean) => void;
  remove: () => void;
}

/** Null where this user may not mount anything. */
export function aSmallDisk(kilobytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'tracker-disk-'));
  const mount = (...options: string[]) => execFileSync('mount', [...options, folder], { stdio: 'ignore' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs');
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  chmodSync(folder, 0o777);
  return {
    folder,
    resize: (to) => void mount('-o', `remount,size=${to}k`),
    used: () => {
      const { blocks, bfree, bsize } = statfsSync(folder);
      return Math.ceil(((blocks - bfree) * bsize) / 1024);
    },
    readOnly: (is) => void mount('-o', `remount,${is ? 'ro' : 'rw'}`),
    remove: () => {
      // somebody who was killed may still have it open for a moment
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
