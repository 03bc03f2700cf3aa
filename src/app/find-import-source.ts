/** Decides for which source of the configuration a file is brought in. Never looks into the file. */
import type { Configuration } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import { listNamedSources, type NamedSource, SOURCE_PARTS, type SourcePart } from './named-sources.ts';

export interface ImportAddress {
  /** Where its source stands in the configuration, such as `balances`. */
  readonly part: string;
  readonly system?: string | undefined;
  /** The name of the source, where a system has several. */
  readonly source?: string | undefined;
}

/** The one source that fits. Throws a Failure of kind `usage` that names what there is. */
export function findImportSource(configuration: Configuration, address: ImportAddress): NamedSource {
  const { part, system, source } = address;
  if (!SOURCE_PARTS.includes(part as SourcePart)) {
    const known = SOURCE_PARTS.join(', ');
    throw new Failure('usage', 'KIND_UNKNOWN', `there is no kind ${part}`, `Name one of: ${known}.`);
  }
  const ofPart = listNamedSources(configuration).filter((candidate) => candidate.part === part);
  const fitting = ofPart.filter(
    (candidate) =>
      (system === undefined || candidate.system === system) && (source === undefined || candidate.name === source),
  );
  const [found] = fitting;
  if (found !== undefined && fitting.length === 1) return found;
  if (ofPart.length === 0) {
    const message = `the configuration has no ${part}`;
    throw new Failure('usage', 'SOURCE_UNKNOWN', message, `Describe the source under ${part}, also without a path.`);
  }
  const names = (fitting.length > 0 ? fitting : ofPart).map(({ name }) => name).join(', ');
  throw fitting.length > 0
    ? new Failure('usage', 'SOURCE_AMBIGUOUS', `several sources of ${part} fit: ${names}`, 'Name one with --source.')
    : new Failure('usage', 'SOURCE_UNKNOWN', `no source of ${part} fits; there are: ${names}`, 'Name one of these.');
}
