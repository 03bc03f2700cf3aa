/** Decides whether what stands under `sign_in` can let anybody in, and nobody by eavesdropping. Never asks the provider. */
import type { Configuration } from '../contract/configuration.ts';
import type { Path } from './node-reading.ts';
import type { Report } from './reference-checks.ts';

/** Checks the identity provider of a configuration. */
export function checkSignIn({ sign_in }: Configuration, report: Report): void {
  const { oidc } = sign_in ?? {};
  if (oidc === undefined) return;
  const path: Path = ['sign_in', 'oidc'];
  if (!isSafeIssuer(oidc.issuer))
    report([...path, 'issuer'], 'expected an https address without query (http for this machine only)', 'found');
  if (Object.keys(oidc.role.values).length === 0 && oidc.role.otherwise === undefined)
    report([...path, 'role'], 'no value gives a role: nobody could sign in');
}

/** In clear, whoever stands between could sign in as anybody; between this machine and itself nobody stands. */
function isSafeIssuer(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(issuer);
  if (search + hash + username + password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}
