import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../ledger/index.ts';
import { aTransfer, type People, toBank } from './people.ts';

/** Terms of a rail that deduplicates for a day, as the tests of the ledger use them. Milliseconds. */
export const railTerms = { leaseMs: 15_000, deduplicatesMs: 86_400_000, quietMs: 25_000, giveUpMs: 300_000 } as const;

/** One transfer in every state that the ledger reaches today, by name. Returns their ids. */
export async function everyEnding(ledger: Ledger, people: People) {
  const book = await reserved(ledger, aTransfer(people));
  const declined = await reserved(ledger, aTransfer(people, { amount: '999999999' }));
  const scheduled = await reserved(
    ledger,
    toBank(people, { executeAt: new Date(Date.now() + 86_400_000).toISOString() }),
  );
  const submitting = await reserved(ledger, toBank(people));
  const accepted = await sent(ledger, people);
  await ledger.conclude({ ...accepted, source: 'reply', outcome: 'accepted', code: 'ACSC', railReference: 'ref-1' });
  const rejected = await sent(ledger, people);
  await ledger.conclude({ ...rejected, source: 'reply', outcome: 'rejected', decisive: true, code: 'AC03' });
  const unknown = await sent(ledger, people);
  await ledger.conclude({ ...unknown, source: 'reply', outcome: 'unknown', code: 'http_500' });
  const contradicted = await sent(ledger, people);
  await ledger.conclude({ ...contradicted, source: 'reply', outcome: 'rejected', decisive: true, code: 'AC04' });
  await ledger.conclude({
    transferId: contradicted.transferId,
    source: 'inquiry',
    outcome: 'accepted',
    code: 'ACSC',
    railReference: 'ref-2',
    askedAt: new Date().toISOString(),
  });
  return {
    book: book.id,
    declined: declined.id,
    scheduled: scheduled.id,
    submitting: submitting.id,
    accepted: accepted.transferId,
    rejected: rejected.transferId,
    unknown: unknown.transferId,
    contradicted: contradicted.transferId,
  };
}

/** Reserves a request in a group of its own. */
export async function reserved(ledger: Ledger, request: Parameters<Ledger['reserve']>[1]) {
  const groupId = randomUUID();
  return { ...(await ledger.reserve(groupId, request)), groupId };
}

/** A transfer to the bank with one granted send that nobody has answered yet: what a report about it begins with. */
export async function sent(ledger: Ledger, people: People, said: Partial<Parameters<typeof toBank>[1]> = {}) {
  const { id, groupId } = await reserved(ledger, toBank(people, said));
  const sender = randomUUID();
  const [grant] = await ledger.claim({
    ids: [id],
    sender,
    carrier: groupId,
    leaseMs: railTerms.leaseMs,
    deduplicatesMs: railTerms.deduplicatesMs,
    probe: false,
  });
  if (!grant?.granted) throw new Error(`the send was not granted: ${JSON.stringify(grant)}`);
  return { transferId: id, sendN: grant.n, carrier: groupId };
}
