import { lookup, type LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import ipaddr from 'ipaddr.js';
import { invalid } from '../../common/errors/domain-error';

const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
const RESOLVE_MS = 5_000;

/** What a webhook may call. */
export interface TargetRules {
  /** This machine, by http too: for development. */
  allowLoopback: boolean;
}

/** The address is not one of the public Internet. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/** Whether the address is one that anybody may call, or this machine where that is allowed. */
export function isAllowedAddress(address: string, { allowLoopback }: TargetRules): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address in the clothes of an IPv6 one is what it is underneath.
  const ip = ipaddr.process(address);
  if (ip.range() === 'loopback') return allowLoopback;
  if (ip.range() !== 'unicast') return false;
  return ip.kind() === 'ipv4' || ip.match(GLOBAL_IPV6);
}

/**
 * `lookup` for a socket: what it answers with is what is connected to, so a name cannot lead elsewhere between a look
 * and the call. One address that is not allowed spoils the name.
 */
export function guardedLookup(rules: TargetRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const refusal = error ?? refusalOf(addresses, rules);
      const [first] = addresses ?? [];
      if (refusal || !first) callback(refusal ?? new ForbiddenAddress('The name has no address'), '');
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refusalOf(addresses: readonly LookupAddress[], rules: TargetRules): ForbiddenAddress | null {
  const isAllowed = addresses.every(({ address }) => isAllowedAddress(address, rules));
  return isAllowed ? null : new ForbiddenAddress('The name leads to an address that is not public');
}

/** The host as an IP address, which no lookup sees; null when it is a name. */
export function literalOf({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? null : host;
}

/**
 * Refuses what may not be called, by its looks and by where its name leads now. Where it leads later is looked at with
 * every delivery.
 * @throws DomainError `validation_failed`
 */
export async function assertTarget(text: string, rules: TargetRules): Promise<void> {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw invalidUrl('credentials', 'must hold no credentials');
  if (url.hash !== '') throw invalidUrl('fragment', 'must have no fragment');
  const addresses = await addressesOf(url);
  if (!addresses.every((address) => isAllowedAddress(address, rules)))
    throw invalidUrl('not_public', 'must lead to a public address');
  if (url.protocol !== 'https:' && !addresses.every(isLoopback))
    throw invalidUrl('https', 'must begin with https://');
}

function isLoopback(address: string): boolean {
  return (
    isAllowedAddress(address, { allowLoopback: true }) && !isAllowedAddress(address, { allowLoopback: false })
  );
}

/** @throws DomainError `validation_failed` */
async function addressesOf(url: URL): Promise<string[]> {
  const literal = literalOf(url);
  if (literal !== null) return [literal];
  const found = await Promise.race([
    resolve(url.hostname, { all: true }).catch(() => []),
    sleep(RESOLVE_MS, [], { ref: false }),
  ]);
  if (found.length === 0) throw invalidUrl('unknown_host', 'must have a host that can be found');
  return found.map(({ address }) => address);
}

function invalidUrl(code: string, rule: string): Error {
  return invalid('url', code, `url ${rule}.`);
}
