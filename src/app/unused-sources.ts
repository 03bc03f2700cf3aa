/**
 * Opens the sources that this version checks but does not use yet, so that errors in them show early, and says so.
 * Never reads their rows.
 */
import type { Configuration, FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import type { Verdict } from '../core/gate/quality-gate.ts';
import { Failure } from '../core/model/failure.ts';
import { findFile } from '../ingest/files/find-file.ts';
import { openSource } from '../ingest/open-source.ts';
import type { OnSourceFailure } from './read-master-data.ts';

const MEANING = {
  opening: 'opening is not used yet: movements will be followed from it in a later version',
  demand: 'demand is not used yet: it will rank by impact in a later version',
  promotions: 'promotions are not used yet: they will rank by impact in a later version',
} as const;

/** One warning for each kind that is configured. Without `onFailure` the first file that cannot be opened throws its Failure. */
export async function openUnusedSources(
  configuration: Configuration,
  directory: string,
  temporaryDirectory: string,
  onFailure?: OnSourceFailure,
): Promise<Verdict[]> {
  const { opening = [], demand, promotions } = configuration;
  const open = async (kind: SourceKind, source: FileSourceConfig): Promise<void> => {
    try {
      const file = await findFile(source.path ?? '', directory);
      await openSource(kind, source, file, temporaryDirectory);
    } catch (error) {
      if (onFailure === undefined || !(error instanceof Failure)) throw error;
      onFailure(kind, source, error);
    }
  };
  for (const source of opening) await open('balances', source);
  if (demand !== undefined) await open('demand', demand);
  if (promotions !== undefined) await open('promotions', promotions);
  const given = [
    ...(opening.length > 0 ? (['opening'] as const) : []),
    ...(demand === undefined ? [] : (['demand'] as const)),
    ...(promotions === undefined ? [] : (['promotions'] as const)),
  ];
  return given.map((kind) => ({
    severity: 'warning',
    code: 'NOT_USED_YET',
    source: kind,
    message: MEANING[kind],
    action: 'Nothing needs to be done; its file was opened and its columns were found.',
  }));
}
