/** Decides whether an error means that the store cannot work just now: what was asked of it may be asked again. Never waits. */

/** Classes of SQLSTATE: connection lost, server shutting down, out of resources. */
const STATES = /^(08\w{3}|53\w{3}|57P0\d|57014|SQLITE_(BUSY|FULL|IOERR).*)$/;
const SOCKETS = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What the driver says of connections without a code. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

export function isStoreOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && (STATES.test(code) || SOCKETS.test(code))) || LOST.test(error.message);
}
