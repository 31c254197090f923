import type pg from 'pg';
import { check } from '../../domain/check.ts';
import type { OnCommit } from '../commit-effects.ts';
import { actOnHolds, type HoldAct, type HoldOutcome, type RequestRow, toActRow } from './act.ts';

/** A capture as a client asks for it. `amount` is minor units in digits, null for all that is left; `isFinal`: the rest is given back. */
export type NewCapture = HoldAct & { amount: string | null; isFinal: boolean };

/** A capture that was made: its entry, and the hold as it was right after it. Amounts are minor units in digits. */
export type Capture = {
  id: string;
  entryId: string;
  amount: string;
  capturedAmount: string;
  holdState: 'open' | 'captured';
  createdAt: Date;
};

/** Captures holds, a batch in one commit: each capture is an entry. Refusals, and what a repeated request gets: `ledger.capture_holds`. */
export const captureHolds = (
  pool: pg.Pool,
  captures: NewCapture[],
  onCommit: OnCommit,
): Promise<HoldOutcome<Capture>[]> =>
  actOnHolds(
    pool,
    { text: 'select ledger.capture_holds($1) as answer', rows: captures.map(toRow), toFacts: toCapture },
    onCommit,
  );

const toRow = ({ amount, isFinal, ...act }: NewCapture) => ({ ...toActRow(act), amount, is_final: isFinal });

function toCapture(row: RequestRow): Capture {
  const { entry_id: entryId, amount, captured_amount: capturedAmount, hold_state: holdState } = row;
  check(
    entryId !== null && amount !== null && capturedAmount !== null && holdState !== null,
    'a capture has its entry',
  );
  return { id: row.request_id, entryId, amount, capturedAmount, holdState, createdAt: new Date(row.created_at) };
}
