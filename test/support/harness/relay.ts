import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What a relay does with the bytes that pass; it may change them, or return null to swallow them. */
export type RelayRules = {
  up?: (bytes: Buffer, client: Socket) => Buffer | null;
  down?: (bytes: Buffer, client: Socket) => Buffer | null;
};

/** A relay before a server, which sees and changes what passes. */
export type Relay = { port: number; rules: RelayRules; close(): void };

/** Passes every connection on to a port of this machine. `rules` may be changed at any time. */
export async function startRelay(target: number): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
    const pass = (to: Socket, bytes: Buffer | null) => bytes !== null && !to.destroyed && to.write(bytes);
    client.on('data', (bytes) => pass(upstream, relay.rules.up ? relay.rules.up(bytes, client) : bytes));
    upstream.on('data', (bytes) => pass(client, relay.rules.down ? relay.rules.down(bytes, client) : bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay: Relay = {
    port: (server.address() as AddressInfo).port,
    rules: {},
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
  return relay;
}
