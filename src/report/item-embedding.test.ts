import { describe, expect, it } from 'vitest';
import { buildItemView } from '../app/item-view.ts';
import { SAMPLE_RUN } from '../app/kept-item-fixture.ts';
import { clock, kettle, toaster } from '../app/sample-items-fixture.ts';
import type { ItemView } from '../contract/item-view.ts';
import { renderHtml } from './html.ts';
import { embedItems } from './item-embedding.ts';
import { sampleLine, sampleReport } from './sample-report-fixture.ts';

const viewOf = (kept: ReturnType<typeof kettle>): ItemView => buildItemView(kept, { run: SAMPLE_RUN });
const lineOf = (item: string, site = 'DC1') => sampleLine({ item, site, erp: 5, wms: 4, cents: 100 });

describe('embedItems', () => {
  it('each place once, for every line of it; places without a line stay out', () => {
    const lines = [lineOf('00207'), lineOf('00123'), lineOf('00207'), lineOf('00311', 'DC2')];
    const { places, lines: opened } = embedItems([viewOf(kettle()), viewOf(toaster()), viewOf(clock())], lines);
    expect(places).toHaveLength(2);
    expect(places[0]).toContain('98 EA less');
    expect(Object.fromEntries(opened)).toEqual({ 0: 1, 1: 0, 2: 1 });
  });

  it('stops at 200 places, and asks for no more views than that', () => {
    let asked = 0;
    function* views(): Generator<ItemView> {
      for (let index = 0; index < 1000; index++) {
        asked++;
        yield { ...viewOf(clock()), item: `I${index}` };
      }
    }
    const lines = Array.from({ length: 1000 }, (_, index) => lineOf(`I${index}`));
    const { places } = embedItems(views(), lines);
    expect(places).toHaveLength(200);
    expect(asked).toBe(201);
  });

  it('stops before the page grows by more than 1.5 MB', () => {
    const view = viewOf(clock());
    const large = { ...view, places: view.places.map((place) => ({ ...place, actions: ['x'.repeat(400_000)] })) };
    const views = Array.from({ length: 9 }, (_, index) => ({ ...large, item: `I${index}` }));
    const { places } = embedItems(
      views,
      Array.from({ length: 9 }, (_, index) => lineOf(`I${index}`)),
    );
    expect(places).toHaveLength(3);
  });
});

describe('in the page', () => {
  const page = (views?: readonly ItemView[], lines = [lineOf('00123')]): string =>
    [...renderHtml(sampleReport({ lines }), { linesMax: 100, views })].join('');

  it('as data that reads back', () => {
    const text =
      /<script type="application\/json" id="items">([\s\S]*?)<\/script>/.exec(page([viewOf(kettle())]))?.[1] ?? '';
    expect(JSON.parse(text)).toMatchObject({
      lines: { 0: 0 },
      places: [expect.stringContaining('<div class="place">')],
    });
  });

  it('data of an item cannot end the script or start another', () => {
    const evil = '</script><script>alert(1)</script><!-- <script>';
    const [place] = viewOf(clock()).places as [ItemView['places'][0]];
    const html = page([{ ...viewOf(clock()), item: '00123', places: [{ ...place, actions: [evil] }] }]);
    expect(html.match(/<script/g)).toHaveLength(3);
    expect(html.match(/<\/script>/g)).toHaveLength(3);
    expect(html).not.toContain('<!--');
    expect(/id="items">([\s\S]*?)<\/script>/.exec(html)?.[1]).not.toContain('</');
  });

  it('not at all where the run explains nothing, or lists nothing', () => {
    expect(page()).not.toContain('id="items"');
    expect(page([viewOf(kettle())], [])).not.toContain('id="items"');
  });
});
