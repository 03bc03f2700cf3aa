/** Entry of a worker thread: keeps live discrepancies as a LiveThread asks it to, over its own connection to the store. */
import { randomBytes } from 'node:crypto';
import type { LoadedConfiguration } from '../../config/load-configuration.ts';
import { answerCalls } from '../../engine/call-thread.ts';
import { openDatabase } from '../../store/database/open-database.ts';
import { ID_BYTES, newId } from '../../store/work/new-id.ts';
import { storeNow } from '../../store/work/store-clock.ts';
import { NICENESS, yieldAsThread } from '../yield-to-server.ts';
import { LiveKeeper } from './live-keeper.ts';
import type { LiveThreadSetup, PlainConfiguration, ThreadTick } from './live-thread.ts';

yieldAsThread(NICENESS.live);
let keeper: LiveKeeper | undefined;
let loaded: LoadedConfiguration | undefined;
const notes: ThreadTick['notes'][number][] = [];
let close: () => Promise<void> = async () => undefined;

answerCalls(async (method, [given]) => {
  if (method === 'setup') return open(given as LiveThreadSetup);
  if (keeper === undefined) throw new Error('Invariant broken: a worker thread was called before its setup');
  if (method === 'stop') return keeper.stop().finally(close);
  const plain = given as PlainConfiguration | undefined;
  if (plain !== undefined) loaded = { ...plain, positions: { locate: () => plain.path } };
  const hasMore = await keeper.tick();
  return { hasMore, notes: notes.splice(0) } satisfies ThreadTick;
});

function open({ storeAddress, ...places }: LiveThreadSetup): void {
  const database = openDatabase(places.dataDirectory, storeAddress);
  const now = Date.now;
  close = () => database.close();
  keeper = new LiveKeeper({
    ...places,
    database,
    configuration: () => loaded as LoadedConfiguration,
    now,
    storeNow: () => storeNow(database, now),
    onNote: (...note) => notes.push(note),
    newId: () => newId(now(), randomBytes(ID_BYTES)),
  });
}
