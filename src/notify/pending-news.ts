/** A discrepancy that waits to be told, as it is kept until then. Never holds what is not told. */
import type { NewsLine } from './messages/discrepancy-message.ts';

export type PendingNews = NewsLine;

/** What tells a key from all others. */
export function subjectOf(key: Pick<NewsLine['line'], 'item' | 'site' | 'owner' | 'lot' | 'category'>): string {
  const { item, site, owner, lot, category } = key;
  return JSON.stringify([item, site, owner, lot, category]);
}

/** The item of a subject. */
export function itemOf(subject: string): string {
  return JSON.parse(subject)[0];
}
