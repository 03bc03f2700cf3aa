/** What is needed to work out what events mean to rules. Never anything that writes. */
import type { KeptResults } from '../app/kept-results.ts';
import type { NotifyRule } from '../core/notify/notify-rule.ts';
import type { WorkDatabase } from '../store/database/open-database.ts';
import type { NotificationRule } from '../store/work/notification-rules.ts';

export interface ReaderContext {
  readonly database: WorkDatabase;
  readonly results: KeptResults;
  readonly currency: string;
  readonly rules: readonly NotificationRule[];
}

export interface EnabledRule {
  readonly id: string;
  readonly rule: NotifyRule;
}
