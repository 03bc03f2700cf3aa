/**
 * Decides which addresses messages may be sent to: the public ones, and what the configuration allows within the own network.
 * The addresses that are connected to are those that were judged. Never connects itself.
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** As in `notifications.allow` of the configuration: host names, addresses, ranges. */
export type Allowed = readonly string[];

export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

export type JudgedHost =
  /** Those of IPv4 first: not every network knows a way for the others. */
  | { readonly ok: true; readonly addresses: readonly [HostAddress, ...HostAddress[]]; readonly isAllowed: boolean }
  /** `isFinal`: another attempt would find the same. */
  | { readonly ok: false; readonly isFinal: boolean; readonly reason: string };

const LOOKUP_MS_MAX = 5_000;

/** What is not the public internet: this machine, private networks, link-local with its metadata services, multicast, documentation. */
const NOT_PUBLIC = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(address, bits, 'ipv4');
/** Of IPv6 only 2000::/3 is public; within it, what wraps an IPv4 address or stands in documents is not. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6');
const NOT_PUBLIC_V6 = new BlockList();
for (const [address, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  NOT_PUBLIC_V6.addSubnet(address, bits, 'ipv6');

/** Finds the address of a host and judges it. All addresses of a name must be fine: which of them answers is chance. */
export async function judgeHost(host: string, allowed: Allowed): Promise<JudgedHost> {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  const isNamed = allowed.some((entry) => entry.toLowerCase() === bare);
  let found: HostAddress[];
  try {
    found = isIP(bare) === 0 ? await within(lookup(bare, { all: true })) : [{ address: bare, family: isIP(bare) }];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no answer';
    return { ok: false, isFinal: false, reason: `the host ${bare} was not found (${code})` };
  }
  const refused = found.find(({ address }) => !isNamed && !isPublic(address) && !isInRange(address, allowed));
  const [first, ...others] = found.toSorted((a, b) => a.family - b.family);
  if (first === undefined) return { ok: false, isFinal: false, reason: `the host ${bare} has no address` };
  if (refused !== undefined)
    return {
      ok: false,
      isFinal: true,
      reason: `${bare} is within your own network; name it under notifications.allow in evenstock.yaml if messages may go there`,
    };
  const isAllowed = isNamed || found.every(({ address }) => isInRange(address, allowed));
  return { ok: true, addresses: [first, ...others], isAllowed };
}

function isPublic(address: string): boolean {
  const plain = unwrapped(address);
  if (isIP(plain) === 4) return !NOT_PUBLIC.check(plain, 'ipv4');
  return PUBLIC_V6.check(plain, 'ipv6') && !NOT_PUBLIC_V6.check(plain, 'ipv6');
}

function isInRange(address: string, allowed: Allowed): boolean {
  const plain = unwrapped(address);
  return allowed.some((entry) => {
    const [network = '', bits] = entry.split('/');
    const family = isIP(network);
    if (family === 0 || family !== isIP(plain)) return false;
    const range = new BlockList();
    const name = family === 4 ? 'ipv4' : 'ipv6';
    const length = bits === undefined ? undefined : Number(bits);
    if (length !== undefined && length > (family === 4 ? 32 : 128)) return false;
    if (length === undefined) range.addAddress(network, name);
    else range.addSubnet(network, length, name);
    return range.check(plain, name);
  });
}

/** ::ffff:10.0.0.1 is 10.0.0.1, however it is written. */
function unwrapped(address: string): string {
  if (isIP(address) !== 6) return address;
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'ETIMEOUT' })), LOOKUP_MS_MAX);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
