/** The findings of a run as far as they concern the chosen site. Never decides what is a finding. */
import { useQuery } from '@tanstack/react-query';
import type { RunFinding } from '../../../contract/item-view.ts';
import { ask } from '../../api/ask.ts';
import { findingsOf } from '../../parts/findings-of.ts';
import type { RunResult } from './run-standing.ts';

export interface FindingHere {
  readonly finding: RunFinding;
  /** Lines that it has a part in; at one site, those whose main cause it is. */
  readonly lines: number;
  readonly gross: string;
  /** Lines whose main cause it is: those that a grid filtered by it lists. undefined until they are counted. */
  readonly listed: number | undefined;
}

/** In the order of the run, by impact. Of one site, nothing until the server has counted there. */
export function useFindingsHere(result: RunResult, site: string): readonly FindingHere[] {
  const findings = findingsOf(result);
  const asked = { path: { id: result.run_id }, query: { by: 'finding', ...(site !== '' && { site }) } } as const;
  const { data } = useQuery({ ...ask('GET /runs/{id}/groups', asked), enabled: findings.length > 0 });
  return findings.flatMap((finding): FindingHere[] => {
    const group = data?.groups.find((each) => each.group === finding.id);
    const listed = data === undefined ? undefined : (group?.discrepancies ?? 0);
    if (site === '') return [{ finding, lines: finding.discrepancies, gross: finding.gross_variance_value, listed }];
    return group === undefined
      ? []
      : [{ finding, lines: group.discrepancies, gross: group.gross_variance_value, listed }];
  });
}
