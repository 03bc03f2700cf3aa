/** Decides which schedule wants the next run: the server says the next time of each. Never makes one. */
import { type Answer, call } from '../../api/ask.ts';

export type Schedule = Answer<'GET /schedules'>['items'][number];

export interface NextRun {
  readonly name: string;
  /** In the offset of the schedule's time zone. */
  readonly at: string;
}

/** The earliest of all that are switched on; undefined where none of them has times. Ties go to the first by name. */
export async function nextRunOf(schedules: readonly Schedule[]): Promise<NextRun | undefined> {
  const wanted = await Promise.all(
    schedules
      .filter(({ is_enabled: isEnabled }) => isEnabled)
      .map(async ({ name, document }) => {
        const { body } = await call('POST /schedules/preview', { body: { document, count: 1 } } as never);
        return body.items.map((at) => ({ name, at }));
      }),
  );
  return wanted.flat().sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0];
}
