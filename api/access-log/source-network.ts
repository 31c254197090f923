import ipaddr from 'ipaddr.js';

/** Who has an address of IPv4 has no more than a part of such a network; the network says about where somebody is, and not who. */
const ipv4Bits = 24;
/** What one customer of a provider gets of IPv6 is at least a part of this, and at most all of it. */
const ipv6Bits = 48;

/** The network that a client's address is in, in CIDR notation; null for what is no address. */
export function sourceNetworkOf(address: string | null): string | null {
  if (address === null || !ipaddr.isValid(address)) return null;
  const read = ipaddr.process(address);
  return read.kind() === 'ipv4'
    ? `${ipaddr.IPv4.networkAddressFromCIDR(`${read.toString()}/${ipv4Bits}`).toString()}/${ipv4Bits}`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${read.toString()}/${ipv6Bits}`).toString()}/${ipv6Bits}`;
}
