/**
 * Decides what a W3C trace context says: to which trace, and to which span of it, something belongs that began elsewhere. Never
 * takes one that is not exactly as the standard has it.
 */

/** As it stands in HTTP headers, and as it is handed on. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether who began it wants it kept. */
  readonly isSampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** undefined where it is none: then something new begins. Later versions may say more behind what this one knows. */
export function parseTraceparent(text: string): TraceParent | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(text.trim()) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceparentOf({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
