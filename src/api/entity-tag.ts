/** The version of what people edit, as HTTP says it. Never weak: two states have two tags. */
import { ApiProblem } from './problem.ts';

export function entityTagOf(version: number): string {
  return `"${version}"`;
}

/** The version that If-Match names; one is demanded, so that nobody overwrites what they have not read. */
export function expectedVersionOf(ifMatch: string | undefined): number {
  if (ifMatch === undefined)
    throw new ApiProblem(428, 'IF_MATCH_MISSING', 'the header If-Match is missing', {
      action: 'Send the ETag of what you have read.',
    });
  const match = /^"(\d{1,15})"$/.exec(ifMatch.trim());
  if (match === null)
    throw new ApiProblem(400, 'IF_MATCH_UNREADABLE', 'the header If-Match is no ETag of this API', {
      action: 'Send the ETag as it was received, with its quotes.',
    });
  return Number(match[1]);
}
