import { expect } from '@jest/globals';
import type { Conclusion, Report } from '../../ledger/transfers/conclude.ts';
import type { Book } from './book.ts';
import type { People } from './people.ts';
import { railTerms } from './rail.ts';
import { aClaim, age, sent } from './sends.ts';

export type Sent = Awaited<ReturnType<typeof sent>>;
/** What a report says; everything else of it is filled in. */
export type Said = Partial<Report> & Pick<Report, 'outcome'>;

const { leaseMs, deduplicatesMs, quietMs, giveUpMs } = railTerms;

/** Reports on transfers of one book and its people: how they are brought into each open state, and what is said of them then. */
export function reportsOn({ pools, ledger, everyone }: Pick<Book, 'pools' | 'ledger'> & { everyone: People }) {
  const reply = (send: Sent, said: Said): Promise<Conclusion> => ledger.conclude({ ...send, source: 'reply', ...said });
  const inquiry = ({ transferId }: Sent, said: Said): Promise<Conclusion> =>
    ledger.conclude({
      ...{ transferId, source: 'inquiry', askedAt: new Date().toISOString() },
      ...{ leaseMs, deduplicatesMs, quietMs, giveUpMs },
      ...said,
    });
  const row = async ({ transferId }: Pick<Sent, 'transferId'>) => {
    const { rows } = await pools.root.query('select * from ledger.transfer where id = $1', [transferId]);
    return rows[0];
  };
  const submitting = () => sent(ledger, everyone);
  const unknown = async () => {
    const send = await submitting();
    await reply(send, { outcome: 'unknown', code: 'http_500' });
    return send;
  };
  /** Waits for the rail again after an absence; its send stays unresolved. */
  const scheduled = async () => {
    const send = await unknown();
    await age(pools, send.transferId, leaseMs + quietMs + 1_000);
    expect(await inquiry(send, { outcome: 'absent' })).toMatchObject({ state: 'scheduled' });
    return send;
  };
  /** A second sender is at work beside the first, whose fate is open: the rail deduplicates. */
  const twoSends = async (): Promise<Sent> => {
    const first = await submitting();
    await age(pools, first.transferId, leaseMs + 1);
    const grant = await ledger.claim(aClaim({ id: first.transferId, carrier: first.carrier }));
    expect(grant).toMatchObject({ granted: true, n: 2 });
    return { ...first, sendN: 2 };
  };
  return { reply, inquiry, row, submitting, unknown, scheduled, twoSends };
}
