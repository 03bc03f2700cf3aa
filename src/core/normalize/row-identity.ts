/**
 * Decides when rows of two files speak of one and the same movement or message line: they name it alike, do the same to the same
 * key at the same second, and nothing that both of them say differs. Never judges rows of one file: a ledger may book twice.
 */
import type { MessageLine, Posting } from '../explain/evidence.ts';

/** Rows of two files are the same where `place` and `effect` are equal and no detail that both have is another one. */
export interface RowIdentity {
  /** What the row is called, and which key it speaks of. Rows of other places have nothing to do with each other. */
  readonly place: string;
  /** What it does there, and when. */
  readonly effect: string;
  /** Texts beside; '' says nothing, as where a file lacks the column. The first is the line of the document. */
  readonly details: readonly string[];
}

/** Details of every row. */
export const DETAILS = 8;
const SECOND_MS = 1000;

/** undefined where the row has no number: what looks like it may be another movement. */
export function identityOfMovement(posting: Posting): RowIdentity | undefined {
  const { movementId, site, item, owner, lot, status, quantity, postedAt, eventAt } = posting;
  if (movementId === '') return undefined;
  const { line, messageId, reference, type, reason, user, batch } = posting;
  return {
    place: [movementId, site, item, owner, lot, status].join('\u0000'),
    effect: `${secondOf(postedAt)} ${quantity}`,
    details: [line, secondOf(eventAt), messageId, reference, type, reason, user, batch],
  };
}

/** A message is there once for each state and sending: another state is another row, and nothing that differs. */
export function identityOfMessage(message: MessageLine): RowIdentity {
  const { messageId, fromRole, state, item, sentAt, receivedAt, appliedAt, placed } = message;
  const { line, interfaceName, reference, type, error, batch } = message;
  const { site = '', owner = '', lot = '', category = '', quantity = '' } = placed ?? {};
  return {
    place: [messageId, fromRole, state, secondOf(sentAt), item].join('\u0000'),
    effect: [site, owner, lot, category, quantity].join('\u0000'),
    details: [line, secondOf(receivedAt), secondOf(appliedAt), interfaceName, reference, type, error, batch],
  };
}

/** Many systems cut off what is below a second when they write a file. */
function secondOf(ms: number | undefined): string {
  return ms === undefined ? '' : String(Math.floor(ms / SECOND_MS));
}
