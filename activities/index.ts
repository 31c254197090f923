import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { createSemaphore } from '../concurrency/semaphore.ts';
import type { Log } from '../config/log.ts';
import type { Uuid } from '../domain/ids.ts';
import { type NetworkName, type Rails, railOf } from '../domain/rail.ts';
import type { Ledger } from '../ledger/index.ts';
import { overdueEndpoints } from '../ledger/notices/overdue.ts';
import { readSnapshots } from '../ledger/work/snapshot.ts';
import type { DeliverySteps, FollowSteps, GroupSteps, RailSteps } from '../workflows/contract/steps.ts';
import { defaultWaits, type Waits } from '../workflows/contract/waits.ts';
import { newerWaits } from './newer-waits.ts';
import { createDeliver, type DeliverDeps } from './notices/deliver.ts';
import type { Waker } from './notices/wake-deliveries.ts';
import { inquire } from './transfers/inquire.ts';
import { createRailObserver } from './transfers/rail-observer.ts';
import { createDue } from './transfers/release.ts';
import { createReserve } from './transfers/reserve.ts';
import { startDrains } from './transfers/start-dispatchers.ts';
import { follow } from './transfers/start-inquiries.ts';
import { submit } from './transfers/submit.ts';
import { takeDue } from './transfers/take-due.ts';
import { housekeep } from './upkeep/housekeep.ts';
import { repairOverdue } from './upkeep/repair-overdue.ts';

/** What a worker process has, whatever its role. */
export type ActivityDeps = {
  ledger: Ledger;
  /** Logs in as quittance_worker; for reads, and for the verbs of notices. */
  pool: pg.Pool;
  rails: Rails;
  client: Client;
  waker: Waker;
  log: Log;
  /** Aborted when this process goes down. */
  stopping: AbortSignal;
  notices: Pick<DeliverDeps, 'allowPrivate' | 'terms' | 'rules'>;
  waits?: Waits;
};

/** Of a rail's concurrency, one in so many may be inquiries on top: doubts must not keep out the sends. */
const inquiriesShare = 4;
/** For each of its permits, so many inquiries may wait. Each holds a slot of the worker, where a `submit` could run. */
const inquiriesWaitingMost = 8;

/** The steps of the contract, by the role of the worker that serves them. */
export type ActivitiesByRole = {
  groups: GroupSteps;
  rail: (name: NetworkName) => RailSteps;
  follow: FollowSteps;
  delivery: DeliverySteps;
};

/** Every step that workflows call, by role. What each does stands in its own file; when it is run again, in `workflows/activity-table.ts`. */
export function createActivities(deps: ActivityDeps): ActivitiesByRole {
  const { ledger, pool, rails, client, log, stopping, waits = defaultWaits } = deps;
  const snapshotsOf = (ids: Uuid[]) => readSnapshots(pool, ids);
  const deliver = createDeliver({ pool, log, stopping, ...deps.notices });
  const drains = { startDrains: () => startDrains(client, waits) };
  const notices = { overdueEndpoints: (ms: number, most: number) => overdueEndpoints(pool, ms, most) };
  return {
    groups: {
      ...createReserve({ ledger, log }),
      ...createDue({ ledger, log }),
      takeDue: (input) => takeDue({ ledger, client, stopping, waits }, input),
    },
    rail: (name: NetworkName) => {
      const rail = railOf(rails, name);
      const sends = createSemaphore(rail.terms.concurrency);
      const inquirers = Math.ceil(rail.terms.concurrency / inquiriesShare);
      const inquiries = createSemaphore(inquirers, inquirers * inquiriesWaitingMost);
      const observer = createRailObserver({ ledger, rail, log });
      return {
        submit: (input) =>
          submit({ ledger, readSnapshots: snapshotsOf, rail, semaphore: sends, observer, stopping, log }, input),
        inquire: async (input) => ({
          ...(await inquire({ ledger, readSnapshots: snapshotsOf, rail, semaphore: inquiries, stopping }, input)),
          ...newerWaits(input, waits),
        }),
      };
    },
    follow: {
      follow: (input) => follow({ client, ledger, rails, readSnapshots: snapshotsOf }, input),
      repairOverdue: (input) => repairOverdue({ ...deps, ...drains, ...notices, readSnapshots: snapshotsOf }, input),
      housekeep: () => housekeep({ ledger, log }),
    },
    delivery: {
      deliver: async (input) => ({ ...(await deliver(input)), ...newerWaits(input, waits) }),
    },
  };
}
