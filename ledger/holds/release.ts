import type pg from 'pg';
import type { OnCommit } from '../commit-effects.ts';
import { actOnHolds, type HoldAct, type HoldOutcome, toActRow } from './act.ts';

/** A release as a client asks for it. */
export type NewRelease = HoldAct & { reason: string | null };

/**
 * Gives back what is left of holds, a batch in one commit. One that is released already stays as it is. Refusals, and what a
 * repeated request gets: `ledger.release_holds`.
 */
export const releaseHolds = (pool: pg.Pool, releases: NewRelease[], onCommit: OnCommit): Promise<HoldOutcome<null>[]> =>
  actOnHolds(
    pool,
    { text: 'select ledger.release_holds($1) as answer', rows: releases.map(toRow), toFacts: () => null },
    onCommit,
  );

const toRow = ({ reason, ...act }: NewRelease) => ({ ...toActRow(act), reason });
