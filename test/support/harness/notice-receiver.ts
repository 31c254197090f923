import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidV7 } from 'uuid';
import { check } from '../../../domain/check.ts';
import type { Uuid } from '../../../domain/ids.ts';
import { createEndpoint } from '../../../ledger/notices/create-webhook-endpoint.ts';
import { type Accounts, anEndpoint, type Pools } from '../fixtures/accounts.ts';
import { inTime } from './in-time.ts';

/** A customer's program that receives notices. It refuses every notice the first time it comes. */
export type Receiver = {
  endpointId: Uuid;
  /** Waits until no notice is left for it. */
  idle(maxMs?: number): Promise<void>;
  end(): void;
};

const idleMaxMs = inTime(40_000);

/** Starts it on a free port, as a webhook endpoint of this tenant. */
export async function startReceiver(pools: Pools, accounts: Accounts): Promise<Receiver> {
  const known = new Set<unknown>();
  const server = createServer((incoming, outgoing) => {
    const id = incoming.headers['webhook-id'];
    const isNew = !known.has(id);
    known.add(id);
    incoming.resume();
    outgoing.writeHead(isNew ? 503 : 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpointId = uuidV7();
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const url = `http://127.0.0.1:${port}/notices`;
  await createEndpoint(pools.api, anEndpoint(accounts, { id: endpointId, url, secret }));
  return {
    endpointId,
    idle: async (maxMs = idleMaxMs) => {
      for (const endsAt = Date.now() + maxMs; ; await sleep(50)) {
        const { rowCount } = await pools.root.query('select 1 from ledger.notice_due where endpoint_id = $1', [
          endpointId,
        ]);
        if (rowCount === 0) return;
        check(Date.now() < endsAt, `${rowCount} notices were not delivered in ${maxMs} ms`);
      }
    },
    end: () => server.close(),
  };
}
