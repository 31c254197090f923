import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createAddressPlaces } from './address-places.ts';
import { isProxy } from './client-address.ts';

/** Connections of one address, out of those of the server: four addresses can fill it, one cannot. */
export const connectionsPerAddressMax = 1_250;

type ConnectionLimit = { max: number; proxies: readonly string[]; onRefused: () => void };

/**
 * Closes a connection at once when its address has `max` already. `onRefused` is called for each. Those of declared proxies are not
 * counted: whose they are is known with each request, and `limitProxied` counts that.
 */
export function limitPerAddress(server: Server, { max, proxies, onRefused }: ConnectionLimit): void {
  const places = createAddressPlaces(max);
  server.prependListener('connection', (socket: Socket) => {
    if (isProxy(socket.remoteAddress, proxies)) return;
    const giveBack = places.take(socket.remoteAddress);
    if (giveBack !== null) {
      socket.once('close', giveBack);
      return;
    }
    onRefused();
    socket.destroy();
  });
}
