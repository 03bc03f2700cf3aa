import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFile } from './find-file.ts';
import { hashFile } from './hash-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenstock-find-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function touch(name: string, seconds: number, content = 'x'): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
  utimesSync(join(folder, name), seconds, seconds);
}

const nameOf = async (pattern: string, orderOf?: Parameters<typeof findFile>[2]): Promise<string> =>
  (await findFile(pattern, folder, orderOf)).name;

describe('findFile', () => {
  it('describes a file', async () => {
    touch('in/erp.csv', 1000, 'abc');
    expect(await findFile('in/erp.csv', folder)).toEqual({
      path: join(folder, 'in/erp.csv'),
      name: 'erp.csv',
      bytes: 3,
      modifiedMs: 1_000_000,
    });
    expect((await findFile(join(folder, 'in/erp.csv'), '/')).name).toBe('erp.csv');
  });

  it('takes the newest of a glob, by change and then by name', async () => {
    touch('erp_1.csv', 3000);
    touch('erp_2.csv', 2000);
    expect(await nameOf('erp_*.csv')).toBe('erp_1.csv');
    touch('erp_3.csv', 3000);
    expect(await nameOf('erp_*.csv')).toBe('erp_3.csv');
  });

  it('an order of its own goes before the time of change, and files without a place in it come last', async () => {
    touch('erp_1.csv', 9000);
    touch('erp_2.csv', 1000);
    touch('erp_x.csv', 9999);
    const order = ({ name }: { readonly name: string }): number | undefined =>
      Number(/\d/.exec(name)?.[0]) || undefined;
    expect(await nameOf('erp_*.csv', order)).toBe('erp_2.csv');
  });

  it.each([
    'erp.csv.part',
    'erp.csv.partial',
    'erp.csv.TMP',
    'erp.csv.filepart',
    'erp.csv.crdownload',
    'erp.csv.writing',
    '.erp.csv',
    'erp.csv~',
  ])('passes over %s, which is still being written', async (name) => {
    touch(name, 9000);
    await expect(findFile('*', folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    touch('erp.csv', 1000);
    expect(await nameOf('*')).toBe('erp.csv');
  });

  it('a name with brackets is that name', async () => {
    touch('stock[1].csv', 1000);
    touch('stock1.csv', 2000);
    expect(await nameOf('stock[1].csv')).toBe('stock[1].csv');
    rmSync(join(folder, 'stock[1].csv'));
    expect(await nameOf('stock[1].csv')).toBe('stock1.csv');
  });

  it('never takes a folder, nor follows a link out of a glob', async () => {
    touch('elsewhere/a.csv', 1000);
    mkdirSync(join(folder, 'in/b.csv'), { recursive: true });
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'in/link'));
    await expect(findFile('in/**/*.csv', folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(findFile('in/b.csv', folder)).rejects.toMatchObject({
      kind: 'unreachable',
      code: 'FILE_NOT_FOUND',
      message: 'there is no file in/b.csv',
    });
  });

  it.each(['erp.csv', 'in/erp.csv', 'erp*.csv', 'erp.csv/x'])('%s is not there', async (pattern) => {
    await expect(findFile(pattern, folder)).rejects.toMatchObject({
      kind: 'unreachable',
      code: 'FILE_NOT_FOUND',
      action: expect.stringMatching(/\w/),
    });
  });
});

describe('hashFile', () => {
  const signal = new AbortController().signal;

  it.each([0, 1, (1 << 20) + 7])('a file of %i bytes', async (size) => {
    const content = Buffer.alloc(size, 'ab');
    touch('file', 1000, content.toString('latin1'));
    expect(await hashFile(join(folder, 'file'), signal)).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('a file that is gone is a Failure; a cancelled hash is not', async () => {
    await expect(hashFile(join(folder, 'gone.csv'), signal)).rejects.toMatchObject({
      kind: 'unreachable',
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/^gone\.csv/),
    });
    touch('file', 1000);
    await expect(hashFile(join(folder, 'file'), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
