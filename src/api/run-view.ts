/** A run as the API shows it, and to whom. Never totals of sites that the principal may not see. */
import type { RunView } from '../contract/api/runs.ts';
import type { Principal } from '../store/work/principal.ts';
import type { RunRecord } from '../store/work/runs.ts';
import { momentText, momentTextOrNull } from './moment-text.ts';

/** Whether a run is about any site that the principal may see. */
export function isRunVisible({ sites }: Principal, { filters }: Pick<RunRecord, 'filters'>): boolean {
  return sites === null || filters.site.length === 0 || filters.site.some((site) => sites.includes(site));
}

/** Whether all that a run is about is the principal's to see. */
export function isRunOwn({ sites }: Principal, { filters }: Pick<RunRecord, 'filters'>): boolean {
  return sites === null || (filters.site.length > 0 && filters.site.every((site) => sites.includes(site)));
}

export function runView(run: RunRecord, principal: Principal): RunView {
  return {
    id: run.id,
    state: run.state,
    cause: run.cause,
    schedule_id: run.scheduleId,
    slot_at: momentTextOrNull(run.slotAt),
    requested_by: run.requestedBy,
    created_at: momentText(run.createdAt),
    started_at: momentTextOrNull(run.startedAt),
    finished_at: momentTextOrNull(run.finishedAt),
    filters: { site: [...run.filters.site], item: [...run.filters.item] },
    force: run.force ?? null,
    progress:
      run.progress === null
        ? null
        : {
            stage: run.progress.stage,
            done: run.progress.done,
            total: run.progress.total,
            ms_left: run.progress.msLeft,
          },
    is_cancel_requested: run.isCancelRequested,
    summary: isRunOwn(principal, run) ? run.summary : null,
    failure: run.failure,
  };
}
