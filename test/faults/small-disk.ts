/** A file system of a few megabytes, filled to its last page and freed by tests. Only root may mount one: `canMount` says whether. */
import { execFileSync } from 'node:child_process';
import { chownSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'evenstock-disk-'));
  private readonly fillers: string[] = [];

  /** `owner`: the number of the user who writes there, where it is another one. */
  constructor(megabytes: number, owner?: { readonly uid: number; readonly gid: number }) {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.folder], { stdio: 'ignore' });
    } catch (error) {
      rmSync(this.folder, { recursive: true });
      throw error;
    }
    if (owner !== undefined) chownSync(this.folder, owner.uid, owner.gid);
  }

  /** Takes what is left. What others free meanwhile is free until the next call. */
  fill(): void {
    const filler = join(this.folder, `filler-${this.fillers.length}`);
    this.fillers.push(filler);
    const file = openSync(filler, 'w');
    const page = Buffer.alloc(4_096, 1);
    try {
      for (;;) writeSync(file, page);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    for (const filler of this.fillers.splice(0)) rmSync(filler);
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const canMount = ((): boolean => {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return false;
  try {
    new SmallDisk(1).remove();
    return true;
  } catch {
    return false;
  }
})();
