import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ItemDocumentsWriter, readItemDocuments } from './item-documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'item-documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, documents: readonly { readonly item: string; readonly text: string }[]): string {
  const path = join(folder, name);
  const writer = new ItemDocumentsWriter(path);
  for (const document of documents) writer.add(document);
  writer.close();
  return path;
}

it('finds the documents of some items among many', async () => {
  const documents = Array.from({ length: 3000 }, (_, index) => ({
    item: `00${index}`,
    text: `Größe "${index}"\n${'x'.repeat(index % 900)}`,
  }));
  const path = write('many', documents);
  const found = await readItemDocuments(path, new Set(['007', '002999', 'none']));
  expect(found).toEqual([documents[7], documents[2999]]);
});

it('has room for none, and for one of a megabyte', async () => {
  expect(await readItemDocuments(write('none', []), new Set(['1']))).toEqual([]);
  const large = { item: '1', text: 'y'.repeat(3_000_000) };
  expect(await readItemDocuments(write('large', [large]), new Set(['1']))).toEqual([large]);
});

it('says of a file that was cut that it is damaged', async () => {
  const path = write('cut', [{ item: '1', text: 'z' }]);
  const bytes = readFileSync(path);
  for (const length of [0, 10, bytes.length - 1]) {
    writeFileSync(path, bytes.subarray(0, length));
    await expect(readItemDocuments(path, new Set(['1']))).rejects.toThrow();
  }
});
