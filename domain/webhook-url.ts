import ipaddr from 'ipaddr.js';

/**
 * Whether an address belongs to a host of the public internet: only there notices may go. False for malformed text. Used
 * for the address in a URL when it is set, and for the addresses of a name each time that it is connected to.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  // Of IPv6 only 2000::/3 is given out; the rest holds old embeddings of IPv4 that some network might still unwrap.
  return address.kind() === 'ipv4' || address.match(ipaddr.parseCIDR('2000::/3'));
}
