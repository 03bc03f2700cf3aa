/** Decides how a line of the server's log reads on a terminal. Never changes what a program reads: that stays JSON. */

/** What every line has, or nobody at a terminal asks for. */
const LEFT_OUT: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'msg', 'err', 'requestId']);

/** One document of the log as `06:00:01 warn  the sentence  name=value …`; what is no such document stays as it is. */
export function logLine(line: string): string {
  const document = parsed(line);
  if (document === undefined) return line;
  const { level, time, msg, err } = document;
  const at = new Date(String(time));
  const clock = Number.isNaN(at.getTime()) ? '' : at.toTimeString().slice(0, 8);
  const about = Object.entries(document)
    .filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`);
  const error = (err as { stack?: unknown; message?: unknown } | undefined)?.stack;
  const text = [`${clock} ${String(level).padEnd(5)} ${printable(String(msg))}`, ...about].join('  ').trimEnd();
  return `${text}\n${typeof error === 'string' ? `${error.split('\n').map(printable).join('\n')}\n` : ''}`;
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isDocument = typeof value === 'object' && value !== null && 'msg' in value && 'level' in value;
    return isDocument ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function quoted(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(printable(text));
}

/** What others sent must not steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
