import type { Ledger } from '../../ledger/index.ts';
import { aTransfer, type People, toBank } from './people.ts';
import { reserved, sent } from './sends.ts';

/** One transfer in every state that a request and reports on it reach, by name. Returns their ids. */
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
