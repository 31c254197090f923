import { randomUUID } from 'node:crypto';
import type { TransferRequest } from '../../domain/transfer.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { ClaimCommand } from '../../ledger/transfers/claim.ts';
import { type ReserveOutcome, reserve } from '../../ledger/transfers/reserve.ts';
import { type People, type Pools, pastTheRules, toBank } from './people.ts';
import { railTerms } from './rail.ts';

/** Reserves a request in a group of its own. */
export async function reserved(ledger: Ledger, request: TransferRequest) {
  const groupId = randomUUID();
  return { ...(await ledger.reserve(groupId, request)), groupId };
}

/** Reserves requests in one call and one commit, past the batcher, each in a group of its own. */
export const reservedTogether = ({ worker }: Pools, requests: TransferRequest[]): Promise<ReserveOutcome[]> =>
  reserve(
    worker,
    requests.map((request) => ({ groupId: randomUUID(), request })),
    async () => {},
  );

/** The wish to send this one for its group: a fresh sender, under the terms of {@link railTerms}, unless said otherwise. */
export function aClaim(said: Pick<ClaimCommand, 'id' | 'carrier'> & Partial<ClaimCommand>): ClaimCommand {
  const { leaseMs, deduplicatesMs } = railTerms;
  return { sender: randomUUID(), leaseMs, deduplicatesMs, probe: false, ...said };
}

/** A transfer to the bank with one granted send that nobody has answered yet: what a report about it begins with. */
export async function sent(ledger: Ledger, people: People, said: Partial<TransferRequest> = {}) {
  const { id, groupId } = await reserved(ledger, toBank(people, said));
  const grant = await ledger.claim(aClaim({ id, carrier: groupId }));
  if (!grant?.granted) throw new Error(`the send was not granted: ${JSON.stringify(grant)}`);
  return { transferId: id, sendN: grant.n, carrier: groupId };
}

/** Makes the sends of a transfer older by so much, so that their leases run out sooner; younger, when it is less than nothing. */
export async function age({ root }: Pools, transferId: string, ms: number): Promise<void> {
  await pastTheRules(root, async (client) => {
    await client.query(
      "update ledger.send set granted_at = granted_at - $2 * interval '1 millisecond', lease_until = lease_until - $2 * interval '1 millisecond' where transfer_id = $1",
      [transferId, ms],
    );
  });
}
