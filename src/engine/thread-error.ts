/** Carries an error over the border of a thread without losing what it is. Never decides what it means. */
import { Failure } from '../core/model/failure.ts';

/** An error as plain values: a Failure's parts, or those of any other error. */
export type PlainError =
  | { readonly failure: ConstructorParameters<typeof Failure> }
  | { readonly message: string; readonly stack: string; readonly details: Readonly<Record<string, unknown>> };

export function toPlainError(error: unknown): PlainError {
  if (error instanceof Failure) return { failure: [error.kind, error.code, error.message, error.action] };
  const { message, stack = '', ...rest } = error as NodeJS.ErrnoException;
  // An error of the file system is known by its code and call.
  return { message: message ?? String(error), stack, details: { ...rest } };
}

export function fromPlainError(plain: PlainError): Error {
  if ('failure' in plain) return new Failure(...plain.failure);
  return Object.assign(new Error(plain.message), plain.details, { stack: plain.stack });
}
