import ipaddr from 'ipaddr.js';

/** Requests of one address at once through declared proxies, each of which keeps a connection busy: as many as it may have of its own. */
export const requestsPerAddressMax = 1_250;

/** A client with IPv6 has at least a network of this many bits, and any address in it. */
const networkBits = 64;

/** Places for the clients of a process, the same number for each. */
export type AddressPlaces = {
  /** Takes a place of the client with this address and returns what gives it back; null when it has none left. */
  take(address: string | undefined): (() => void) | null;
};

/** At most `max` places for each client. */
export function createAddressPlaces(max: number): AddressPlaces {
  const counts = new Map<string, number>();
  return {
    take: (address) => {
      const client = clientOf(address);
      const count = counts.get(client) ?? 0;
      if (count >= max) return null;
      counts.set(client, count + 1);
      return () => {
        const left = (counts.get(client) ?? 1) - 1;
        if (left === 0) counts.delete(client);
        else counts.set(client, left);
      };
    },
  };
}

/** What counts as one client: an IPv4 address, or the network of an IPv6 address. */
export function clientOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const read = ipaddr.process(address);
  return read.kind() === 'ipv4'
    ? read.toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${read.toString()}/${networkBits}`).toString();
}
