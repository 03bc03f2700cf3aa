/** One line of what `evenstock doctor` says. Never decides what is one. */

/** `action` says what to do, '' where all is well. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
  readonly action: string;
  /** Of a problem: how it is set up, or what cannot be reached, read or written. */
  readonly kind?: 'configuration' | 'unreachable';
}

export function ok(name: string, message: string): Finding {
  return { name, state: 'ok', message, action: '' };
}

export function warning(name: string, message: string, action: string): Finding {
  return { name, state: 'warning', message, action };
}

export function problem(
  name: string,
  message: string,
  action: string,
  kind: NonNullable<Finding['kind']> = 'unreachable',
): Finding {
  return { name, state: 'problem', message, action, kind };
}
