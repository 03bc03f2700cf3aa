import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { afterAll, describe, expect, it } from 'vitest';
import { Failure } from '../../core/model/failure.ts';
import { runSimulate } from './simulate.ts';

const root = mkdtempSync(join(tmpdir(), 'simulate-command-'));
afterAll(() => rmSync(root, { recursive: true }));

type Flags = Parameters<typeof runSimulate>[1];
const DEFAULTS: Flags = { out: join(root, 'world'), seed: '3', items: '30', sites: '2', days: '2', faults: 'ordinary' };

async function run(flags: Partial<Flags>): Promise<{ code: number; out: string }> {
  let out = '';
  const stream = { write: (text: string) => (out += text) } as unknown as WriteStream;
  const code = await runSimulate({ out: stream, err: stream, env: {} }, { ...DEFAULTS, ...flags });
  return { code, out };
}

describe('evenstock simulate', () => {
  it('says what it wrote and what to do next', async () => {
    const { code, out } = await run({});
    expect(code).toBe(0);
    expect(out).toMatch(/^wrote .*world: \d+ keys, \d+ of them differ/);
    expect(out).toContain(`Next: evenstock reconcile --config ${join(root, 'world', 'evenstock.yaml')} --out out`);
    expect((await run({ quiet: true })).out).toBe('');
    expect(JSON.parse((await run({ json: true })).out)).toMatchObject({ directory: join(root, 'world') });
  });

  it('takes every option to the world', async () => {
    const flags = {
      clockSkew: '7',
      cutOff: '14:00',
      cutOffSkew: '-40',
      hourlySummary: true,
      references: '0.5',
      retention: '1',
      snapshot: 'scope',
      messages: false,
      openings: false,
      activity: '2',
      faults: 'none',
    };
    await run(flags);
    const { options } = JSON.parse(readFileSync(join(root, 'world/truth/world.json'), 'utf8')) as { options: object };
    expect(options).toMatchObject({
      seed: 3,
      items: 30,
      sites: 2,
      days: 2,
      clockSkewMinutes: 7,
      cutOffTime: '14:00',
      cutOffSkewMinutes: -40,
      hourlySummary: true,
      references: 0.5,
      retentionDays: 1,
      snapshot: 'scope',
      messages: false,
      openings: false,
      activity: 2,
      faults: 'none',
    });
  });

  it.each([
    [{ items: '5' }, '--items 5: a whole number from 10'],
    [{ seed: 'x' }, '--seed x'],
    [{ references: '1.5' }, '--references 1.5: a number from 0 to 1'],
    [{ clockSkew: 'ten' }, '--clock-skew ten'],
    [{ cutOff: '25:00' }, '--cut-off 25:00: a time of day'],
    [{ snapshot: 'old' }, '--snapshot old: expected one of none, stale, time-zone, scope'],
    [{ faults: 'all,none' }, '--faults all: a profile'],
  ])('refuses %j', async (flags, message) => {
    const failure = await run(flags).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).kind).toBe('usage');
    expect((failure as Failure).message).toContain(message);
  });
});
