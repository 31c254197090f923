import type pg from 'pg';
import { fromPublic, toPublic, type Uuid } from '../domain/ids.ts';
import type { TransferState } from '../domain/transfer.ts';
import type { TakenRecord } from './truth.ts';

/** What the bank took and this ledger has no attempt for: it was sent after the moment of the restore. `transferId`: whose it was, by its rail key. */
export type Orphan = TakenRecord & { transferId: string | null };

/** A transfer that is open here although the bank has decided it: what it answered came after the moment of the restore. */
export type Behind = { id: Uuid; state: TransferState; record: TakenRecord };

/** A transfer that was made after the restore and pays what an orphan paid: most likely the same request again, under the same key. */
export type LookAlike = { id: Uuid; state: TransferState; key: string; railKey: string };
/** `isMatched`: the orphan's number at the bank stands in this transfer, so somebody has judged it. */
type Compared = LookAlike & { isMatched: boolean };

export type RestoreFindings = { orphans: Orphan[]; behind: Behind[]; lookAlikes: LookAlike[] };

/** More than anybody judges by hand: then the moment is a wrong one, or the bank's truth is of another platform. */
const orphansMax = 100_000;

/**
 * Compares what a bank took, page by page, with the ledger that was restored to `since`: what it knows and we do not, what it
 * has decided and we have not, and what was asked for again. Reads only. Throws for more orphans than {@link orphansMax}.
 */
export async function compareAfterRestore(
  pool: pg.Pool,
  { truth, since }: { truth: AsyncIterable<readonly TakenRecord[]>; since: Date },
): Promise<RestoreFindings> {
  const found: RestoreFindings = { orphans: [], behind: [], lookAlikes: [] };
  for await (const page of truth) {
    const known = await knownOf(pool, page);
    const orphans = page
      .filter(({ rail_key }) => !known.has(rail_key))
      .map((record) => ({ ...record, transferId: transferOf(record.rail_key) }));
    const alike = await lookAlikesOf(pool, orphans, since);
    const matched = new Set(alike.filter(({ isMatched }) => isMatched).map(({ railKey }) => railKey));
    found.orphans.push(...orphans.filter(({ rail_key }) => !matched.has(rail_key)));
    found.lookAlikes.push(...alike.filter(({ railKey, isMatched }) => !isMatched && !matched.has(railKey)));
    if (found.orphans.length > orphansMax)
      throw new Error(`the bank knows more than ${orphansMax} payments that are not in this ledger`);
    found.behind.push(...behindOf(page, known));
  }
  return found;
}

type Known = Map<string, { id: Uuid; state: TransferState }>;

/** By the id inside each key, which the primary key finds; a key of nobody is not asked about. */
async function knownOf(pool: pg.Pool, page: readonly TakenRecord[]): Promise<Known> {
  const ids = page.flatMap(({ rail_key }) => uuidOf(rail_key) ?? []);
  const { rows } = await pool.query<{ rail_key: string; id: Uuid; state: TransferState }>(
    `select attempt.rail_key, transfer.id, transfer.state
     from ledger.attempt join ledger.transfer on transfer.id = attempt.transfer_id
     where attempt.transfer_id = any ($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ rail_key, ...row }) => [rail_key, row]));
}

/** States in which a transfer may still be sent. */
export const open: readonly TransferState[] = ['scheduled', 'submitting', 'unknown'];

const behindOf = (page: readonly TakenRecord[], known: Known): Behind[] =>
  page.flatMap((record) => {
    const row = known.get(record.rail_key);
    return row && open.includes(row.state) ? [{ ...row, record }] : [];
  });

/** The ids of transfers begin with their time, so the primary key finds those that were made since. */
async function lookAlikesOf(pool: pg.Pool, orphans: readonly Orphan[], since: Date): Promise<Compared[]> {
  if (orphans.length === 0) return [];
  const { rows } = await pool.query<Compared>(
    `select transfer.id, transfer.state, transfer.idempotency_key as key, orphan.rail_key as "railKey",
       coalesce(attempt.rail_reference = orphan.rail_reference, false) as "isMatched"
     from ledger.transfer
     join ledger.attempt on attempt.transfer_id = transfer.id
     join jsonb_to_recordset($1::jsonb) orphan(rail_key text, amount bigint, currency text, bank text, account_number text, rail_reference text)
       on orphan.amount = transfer.amount and orphan.currency = transfer.currency
       and orphan.bank = ledger.bank_of(transfer.destination_bank)
       and orphan.account_number = ledger.account_number_of(transfer.destination_bank)
     where transfer.id >= $2::uuid and transfer.state not in ('declined', 'cancelled')
     order by transfer.id, orphan.rail_key`,
    [JSON.stringify(orphans), firstIdAt(since)],
  );
  return rows;
}

const firstIdAt = (at: Date): Uuid => {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
};

/** The reverse of `toRailKey`: null for a key that we did not make. */
function uuidOf(railKey: string): Uuid | null {
  const [, id = ''] = /^([0-9A-Z]{26})Q[0-9A-Z]$/.exec(railKey) ?? [];
  return fromPublic('transfer', `tr_${id.toLowerCase()}`);
}

function transferOf(railKey: string): string | null {
  const id = uuidOf(railKey);
  return id === null ? null : toPublic('transfer', id);
}
