import { describe, expect, it } from 'vitest';
import { compileFileNamePattern } from './file-name-pattern.ts';

describe('compileFileNamePattern', () => {
  it.each<[string, string, string | undefined]>([
    ['erp_stock_(?<as_of>.*).csv', 'erp_stock_2026-11-22T235959Z.csv', '2026-11-22T235959Z'],
    ['erp_stock_(?<as_of>.*).csv', 'old_erp_stock_2026.csv', undefined],
    ['erp_stock_(?<as_of>.*).csv', 'erp_stock_2026.csv.bak', undefined],
    ['(?:erp|wms)_(?<as_of>\\d{4}-\\d{2}-\\d{2})(?:_\\d+)?\\.csv', 'wms_2026-11-22_7.csv', '2026-11-22'],
    ['[a-z+*]*_(?<as_of>[0-9T]+?)_x\\+\\.csv', 'a+b_2026T1_x+.csv', '2026T1'],
    ['(?<as_of>.*)', 'x'.repeat(256), undefined],
  ])('%s on %s', (source, name, expected) => {
    const pattern = compileFileNamePattern(source);
    expect(pattern.ok && pattern.asOfIn(name)).toBe(expected);
  });

  it.each([
    ['(?<as_of>(a+)+)', 'repeated group'],
    ['(?<as_of>(?:a|aa)*)', 'repeated group'],
    ['(?<as_of>a)(b{1,9}){9}', 'repeated group'],
    ['(?<as_of>a)((x?)?)+', 'repeated group'],
    ['(?<as_of>.*).*.*.*', 'variable length'],
    [`(?<as_of>${'a?'.repeat(30)})`, 'variable length'],
    ['(?<as_of>a{1,30}b{1,30}c{1,30}d{1,30})', 'variable length'],
    [`(?<as_of>x)${'(a|a)'.repeat(20)}`, 'alternatives'],
    ['(?<as_of>.*)\\1', 'back reference'],
    ['(?<as_of>.*)\\k<as_of>', 'back reference'],
    ['(?=.*)(?<as_of>.*)', 'look-ahead'],
    ['(?<!a)(?<as_of>.*)', 'look-behind'],
    [`(?<as_of>${'a'.repeat(300)})`, 'longer than 300'],
    ['(?<as_of>[)', 'not a regular expression'],
    ['(?<asof>.*)', 'a group named as_of'],
  ])('refuses %s', (source, reason) => {
    expect(compileFileNamePattern(source)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('answers at once for the slowest expression it takes', () => {
    const pattern = compileFileNamePattern('(?:a|a|a|a|a)(?<as_of>.*).*.*!');
    const started = performance.now();
    expect(pattern.ok && pattern.asOfIn('a'.repeat(255))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
