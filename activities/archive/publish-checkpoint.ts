import type pg from 'pg';
import { publishCheckpoint as publishToTenants } from '../../ledger/archive/publish-checkpoint.ts';
import type { OnCommit } from '../../ledger/commit-effects.ts';
import type { PublishCheckpointResult } from '../../workflows/contract/steps.ts';

export type PublishCheckpointDeps = {
  pool: pg.Pool;
  /** Wakes those who deliver the notices. */
  onCommit: OnCommit;
  /** Aborted when this process stops: the next run goes on behind the last page. */
  stopping: AbortSignal;
  limits?: PublishLimits;
};

type PublishLimits = { tenantsAtOnce: number; pagesMax: number };

export const publishLimits: PublishLimits = {
  // One commit, and so many endpoints to wake: others have their turn between two.
  tenantsAtOnce: 500,
  // The next run, five minutes later, goes on. All tenants at once would be a flood for those who deliver notices.
  pagesMax: 10,
};

/**
 * Tells tenants the newest checkpoint, once a day: an event for each. Who keeps it can show later that nothing before it was changed, whatever
 * became of our stores, our database and our key. Which tenant has it is in the ledger, so a run that ends early is followed by one that goes on.
 */
export const publishCheckpoint =
  ({ pool, onCommit, stopping, limits = publishLimits }: PublishCheckpointDeps) =>
  async (): Promise<PublishCheckpointResult> => {
    let tenants = 0;
    for (let page = 0; page < limits.pagesMax && !stopping.aborted; page += 1) {
      const published = await publishToTenants(pool, limits.tenantsAtOnce, onCommit);
      if (published === null) break;
      tenants += published.tenants;
    }
    return { tenants };
  };
