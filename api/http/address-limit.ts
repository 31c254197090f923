import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Connections of one address, out of those of the server: four addresses can fill it, one cannot. */
export const connectionsPerAddressMax = 1_250;

/** A client with IPv6 has at least a network of this many bits, and any address in it. */
const networkBits = 64;

/** Closes a connection at once when its address has `max` already. `onRefused` is called for each. */
export function limitPerAddress(server: Server, { max, onRefused }: { max: number; onRefused: () => void }): void {
  const counts = new Map<string, number>();
  server.prependListener('connection', (socket: Socket) => {
    const client = clientOf(socket.remoteAddress);
    const count = (counts.get(client) ?? 0) + 1;
    if (count > max) {
      onRefused();
      socket.destroy();
      return;
    }
    counts.set(client, count);
    socket.once('close', () => {
      const left = (counts.get(client) ?? 1) - 1;
      if (left === 0) counts.delete(client);
      else counts.set(client, left);
    });
  });
}

/** What counts as one client: an IPv4 address, or the network of an IPv6 address. */
export function clientOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const read = ipaddr.process(address);
  return read.kind() === 'ipv4'
    ? read.toString()
    : ipaddr.IPv6.networkAddressFromCIDR(`${read.toString()}/${networkBits}`).toString();
}
