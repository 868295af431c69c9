import { normalizeIp } from '@nestjs/throttler';

/** By what a caller who is not signed in is counted: the IPv4 address, or the /64 of an IPv6 one, which one customer has whole. */
export function callerOf(ip: string | null | undefined): string {
  return `ip:${normalizeIp(ip ?? '', 64)}`;
}
