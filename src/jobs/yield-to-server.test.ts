import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('./yield-to-server.ts', import.meta.url));
/** The niceness of each thread of a process, after `code` was run in it; the first is the main thread's. */
function nicenessAfter(code: string): number[] {
  const script = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { NICENESS, yieldAsProcess, yieldAsThread } from ${JSON.stringify(MODULE)};
    ${code}
    const fields = (id) => readFileSync('/proc/self/task/' + id + '/stat', 'utf8').split(') ')[1].split(' ');
    console.log(JSON.stringify(readdirSync('/proc/self/task').map((id) => Number(fields(id)[16]))));`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as number[];
}

describe.skipIf(process.platform !== 'linux')('who gives way (Linux)', () => {
  it('a process with all of its threads, those of the engine too', () => {
    const levels = nicenessAfter('yieldAsProcess(NICENESS.runs);');
    expect(levels.length).toBeGreaterThan(3);
    expect(new Set(levels)).toEqual(new Set([10]));
  });

  it('a thread alone', () => {
    const levels = nicenessAfter('yieldAsThread(NICENESS.live);');
    expect(levels.filter((level) => level === 5).length).toBe(1);
    expect(levels.filter((level) => level === 0).length).toBe(levels.length - 1);
  });
});
