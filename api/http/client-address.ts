import type { IncomingMessage } from 'node:http';
import { isInNetwork, toNetwork } from '../../domain/network.ts';
import type { Middleware } from './middleware/state.ts';

/** Notes the client's address of every request, for the log and for keys that are bound to addresses. */
export const clientAddress =
  (proxies: readonly string[]): Middleware =>
  async (ctx, next) => {
    ctx.state.clientAddress = clientAddressOf(ctx.req, proxies);
    await next();
  };

/** Longer lists of hops are not read: nobody stands behind so many proxies. */
const hopsMax = 20;

/**
 * The address that a request came from. Each proxy adds to `X-Forwarded-For` the address that it was called from, so the list is
 * read from its end: the last address that is no declared proxy. Without declared proxies the header says nothing, because
 * anybody can send it. Null: the connection has ended, or a declared proxy wrote something else than an address.
 */
export function clientAddressOf({ socket, headers }: IncomingMessage, proxies: readonly string[]): string | null {
  const hops = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').slice(-hopsMax);
  let address = toAddress(socket.remoteAddress ?? '');
  while (address !== null && isInOneOf(proxies, address)) {
    const hop = hops.pop()?.trim() ?? '';
    // The proxy itself asks, such as for its health checks.
    if (hop === '') return address;
    address = toAddress(hop);
  }
  return address;
}

/** Whether a connection from this address is one of a declared proxy. */
export function isProxy(remoteAddress: string | undefined, proxies: readonly string[]): boolean {
  const address = proxies.length === 0 ? null : toAddress(remoteAddress ?? '');
  return address !== null && isInOneOf(proxies, address);
}

const isInOneOf = (networks: readonly string[], address: string): boolean =>
  networks.some((network) => isInNetwork(address, network));

/** Without the port that some proxies add; an IPv4 address in its own form. */
function toAddress(text: string): string | null {
  const [, bracketed, plain = text] = /^(?:\[([^\]]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+)$/.exec(text) ?? [];
  const network = toNetwork(bracketed ?? plain);
  // A zone such as %eth0 is of this machine only.
  return network === null ? null : (/^(.+)\/(?:32|128)$/.exec(network)?.[1] ?? null);
}
