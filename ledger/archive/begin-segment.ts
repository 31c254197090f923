import type pg from 'pg';
import { call } from '../call.ts';

/**
 * A segment whose range is fixed. `fromXid` and `toXid` (not included): the transactions that it records; `previous`: the manifest before
 * it; `tree`: that of its epoch, to which its manifest is added; `abandoned`: what the store has of the epoch that ended before it, on the
 * first segment of an epoch.
 */
export type BegunSegment = {
  n: number;
  epoch: number;
  fromXid: string;
  toXid: string;
  begunAt: string;
  previous: { n: number; sha256: string } | null;
  tree: { size: number; hashes: string[] };
  abandoned: { fromN: number; toN: number; checkpoint: string } | null;
};

/**
 * Fixes the range of the next segment, or answers the one that is begun. `recordsMax`: about how many records it may have; `emptyAfterMs`:
 * after this long there is a segment even without any. `refused`: this database counts transactions from the beginning again, so what it commits cannot be
 * told from what is archived; an operator begins an epoch. Rules: `ledger.begin_archive_segment`.
 */
export async function beginArchiveSegment(
  pool: pg.Pool,
  { recordsMax, emptyAfterMs }: { recordsMax: number; emptyAfterMs: number },
): Promise<
  | { status: 'begun'; segment: BegunSegment; isMore: boolean }
  | { status: 'nothing'; waitMs: number }
  | { status: 'refused'; code: 'horizon_behind' }
> {
  const answer = await call<Answer>(pool, 'select ledger.begin_archive_segment($1, $2) as answer', [
    recordsMax,
    emptyAfterMs,
  ]);
  if (answer.status === 'nothing') return { status: 'nothing', waitMs: answer.wait_ms };
  if (answer.status === 'refused') return { status: 'refused', code: 'horizon_behind' };
  const { from_xid: fromXid, to_xid: toXid, begun_at: begunAt, abandoned, ...segment } = answer.segment;
  return {
    status: 'begun',
    isMore: answer.is_more,
    segment: {
      ...{ ...segment, fromXid, toXid, begunAt },
      abandoned: abandoned && {
        ...{ fromN: abandoned.from_n, toN: abandoned.to_n, checkpoint: abandoned.checkpoint },
      },
    },
  };
}

type Answer =
  | { status: 'nothing'; wait_ms: number }
  | { status: 'refused' }
  | { status: 'begun'; is_more: boolean; segment: Row };

type Row = Pick<BegunSegment, 'n' | 'epoch' | 'previous' | 'tree'> & {
  from_xid: string;
  to_xid: string;
  begun_at: string;
  abandoned: { from_n: number; to_n: number; checkpoint: string } | null;
};
