import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeOnBothStores } from '../../src/store/database/both-stores-fixture.ts';
import { stop, until } from '../e2e/run-server.ts';
import { expectKept } from './expect-kept.ts';
import { Senders, ServedWorld, sha256, snapshotOf } from './served-world.ts';

/** Kills on each store, and uploads of one file at once; `npm run test:faults` asks for more. */
const COUNT = process.env['EVENSTOCK_FAULTS'];
const KILLS = Number(COUNT ?? 1);
const UPLOADS = COUNT === undefined ? 50 : 1_000;
const LIFE_MS_MAX = 1_500;

describeOnBothStores('the server, killed while files and rows arrive over HTTP', (store) => {
  test(
    `${KILLS} times: what it acknowledged is there, what was half sent is not; ${UPLOADS} uploads of one file are one import`,
    async () => {
      const world = await ServedWorld.open('kills', await store.place());
      const senders = new Senders(world);
      for (let kill = 0; kill < KILLS; kill++) {
        const server = await world.start();
        const sending = senders.run(server);
        if (kill === 0) await until(() => senders.movements.size > 0 && senders.imports.size > 0, 'what is sent');
        await sleep(Math.random() * LIFE_MS_MAX);
        await stop(server, 'SIGKILL');
        await sending;
        await expectKept(world.place, senders);
      }
      expect(senders.refusals).toEqual([]);
      expect(senders.movements.size).toBeGreaterThan(0);
      const server = await world.start();
      // Who was not answered sends all of it again, and who was may do so.
      for (const [hash, content] of [...senders.contents].slice(-20)) {
        const answer = await world.upload(server, content);
        const { id } = (await answer.json()) as { id: string };
        expect([200, 201]).toContain(answer.status);
        expect(senders.imports.get(hash) ?? id).toBe(id);
        senders.imports.set(hash, id);
      }
      const content = snapshotOf(-1, 40);
      const answers = await Promise.all(
        Array.from({ length: UPLOADS }, async () => {
          const answer = await world.upload(server, content);
          return { status: answer.status, id: ((await answer.json()) as { id?: string }).id };
        }),
      );
      const taken = answers.filter(({ status }) => status < 300);
      expect(answers.map(({ status }) => status).filter((status) => ![200, 201, 429, 503].includes(status))).toEqual(
        [],
      );
      expect(taken.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(new Set(taken.map(({ id }) => id)).size).toBe(1);
      expect(taken.length).toBeGreaterThan(UPLOADS / 2);
      expect((await stop(server)).code).toBe(0);
      expect(server.err()).not.toMatch(/by a bug/);
      senders.contents.set(sha256(content), content);
      await expectKept(world.place, senders);
    },
    60_000 + KILLS * 20_000,
  );
});
