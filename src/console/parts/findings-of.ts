/** The findings of a run as their document has them: the API gives each as plain names and figures. Never picks or sorts any. */
import type { RunFinding } from '../../contract/item-view.ts';
import type { Answer } from '../api/ask.ts';

export function findingsOf(result: Pick<Answer<'GET /runs/{id}/result'>, 'findings'>): readonly RunFinding[] {
  return result.findings as unknown as readonly RunFinding[];
}
