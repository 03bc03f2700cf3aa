/** Decides which senders have been silent for longer than the configuration allows. Never guesses how often somebody sends. */
import type { Configuration } from '../contract/configuration.ts';
import { durationMs } from '../core/normalize/time.ts';
import type { NewAlert } from '../store/work/alerts.ts';
import type { readFeeds } from '../store/work/intake.ts';

type Feed = Awaited<ReturnType<typeof readFeeds>>[number];

/** A feed that has never sent anything is not silent: nobody knows that it exists. */
export function silentFeeds(feeds: readonly Feed[], configuration: Configuration, now: number): NewAlert[] {
  const { silent_after: limits } = configuration;
  if (limits === undefined) return [];
  return feeds.flatMap(({ kind, name, last_at: lastAt }) => {
    const limit = limits.feeds?.[name] ?? limits.default;
    if (limit === undefined || now - lastAt <= durationMs(limit)) return [];
    const since = new Date(lastAt).toISOString();
    return [
      {
        kind: 'silent-feed' as const,
        subject: JSON.stringify([kind, name]),
        site: '',
        item: '',
        document: { feed: kind, name, last_received_at: since, silent_after: limit },
      },
    ];
  });
}
