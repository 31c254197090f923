import { randomUUID } from 'node:crypto';
import type { TransferRequest } from '../../domain/transfer.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Book } from './book.ts';
import { aTransfer, type People, toBank } from './people.ts';
import { reserved } from './sends.ts';

/** How long a drain has what it took, unless said otherwise. */
export const drainLeaseMs = 30_000;

/** What tests say about rows whose time has come, of one book and its people. */
export function dueRows({ pools, ledger, everyone }: Pick<Book, 'pools' | 'ledger'> & { everyone: People }) {
  /** The row's next step has been due for a second. */
  const makeDue = async (id: string): Promise<void> => {
    await pools.root.query("update ledger.transfer set next_at = now() - interval '1 second' where id = $1", [id]);
  };
  /** A transfer that was given a date, and the date has come. Returns its id. */
  const dueOn = async (request: TransferRequest): Promise<string> => {
    const { id } = await reserved(ledger, request);
    await makeDue(id);
    return id;
  };
  return {
    makeDue,
    dueBook: (said: Partial<TransferRequest> = {}, who = everyone) =>
      dueOn(aTransfer(who, { executeAt: inAMinute(), ...said })),
    dueBank: (said: Partial<TransferRequest> = {}, who = everyone) =>
      dueOn(toBank(who, { executeAt: inAMinute(), ...said })),
    /** Takes what is due on the instant rail as a drain does, for a carrier of its own, unless said otherwise. */
    take: async (said: Partial<Parameters<Ledger['takeDue']>[0]> = {}) => {
      const carrier = said.carrier ?? randomUUID();
      const taken = await ledger.takeDue({ rail: 'instant', limit: 500, leaseMs: drainLeaseMs, ...said, carrier });
      return { ...taken, carrier };
    },
    /** Ends everything that is left of a round, whoever took it. */
    finish: async (carrier: string, ids: string[]): Promise<void> => {
      await pools.root.query("update ledger.transfer set carrier = $1 where id = any($2) and state = 'scheduled'", [
        carrier,
        ids,
      ]);
      await Promise.all(ids.map((id) => ledger.due({ id, carrier })));
      for (const transferId of ids)
        await ledger.conclude({ transferId, source: 'inquiry', outcome: 'accepted', railReference: transferId });
    },
  };
}

/** A date that a transfer may be given, and that no test waits for. */
export const inAMinute = (): string => new Date(Date.now() + 60_000).toISOString();
