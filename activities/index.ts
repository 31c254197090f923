import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { createFairSemaphore } from '../concurrency/fair-semaphore.ts';
import type { Log } from '../config/log.ts';
import type { Uuid } from '../domain/ids.ts';
import { type NetworkName, type Rails, railOf } from '../domain/rail.ts';
import type { CommitEffects, Ledger } from '../ledger/index.ts';
import { boundKeptNotices } from '../ledger/notices/bound-kept.ts';
import { overdueEndpoints } from '../ledger/notices/overdue.ts';
import { readBacklog } from '../ledger/upkeep/backlog.ts';
import { readSnapshots as readSnapshotsFrom } from '../ledger/worker-reads/snapshot.ts';
import type { Alarms } from '../telemetry/alarms/alarms.ts';
import type {
  ArchiveSteps,
  DeliverySteps,
  GroupSteps,
  RailSteps,
  StatementSteps,
  UpkeepSteps,
} from '../workflows/contract/steps.ts';
import { defaultWaits, type Waits } from '../workflows/contract/waits.ts';
import { archiveNext } from './archive/archive-next.ts';
import { type CopyCheckpointDeps, copyCheckpoint } from './archive/copy-checkpoint.ts';
import type { ArchiveDeps } from './archive/deps.ts';
import { withNotedRun } from './archive/noted-run.ts';
import { publishCheckpoint } from './archive/publish-checkpoint.ts';
import { withHeartbeat } from './heartbeat.ts';
import { withNewerWaits } from './newer-waits.ts';
import { type DeliverDeps, deliver } from './notices/deliver.ts';
import { closeStatements } from './statements/close.ts';
import { cutStatements } from './statements/cut.ts';
import type { MakeStatementsDeps } from './statements/deps.ts';
import { makeStatements } from './statements/make.ts';
import { openStatementRuns } from './statements/open-runs.ts';
import { createStorageWatch } from './statements/storage-watch.ts';
import { type StatementTerms, statementTerms } from './statements/terms.ts';
import { inquire } from './transfers/inquire.ts';
import { putOff } from './transfers/put-off.ts';
import { createRailObserver } from './transfers/rail-observer.ts';
import { release } from './transfers/release.ts';
import { reserve, reserveAtOnce } from './transfers/reserve.ts';
import { startDispatchers } from './transfers/start-dispatchers.ts';
import { startInquiries } from './transfers/start-inquiries.ts';
import { submit } from './transfers/submit.ts';
import { takeDue } from './transfers/take-due.ts';
import { housekeep } from './upkeep/housekeep.ts';
import { repairOverdue } from './upkeep/repair-overdue.ts';
import type { Waker } from './waker.ts';

/** What a worker process of any role has. */
export type ActivityDeps = {
  ledger: Ledger;
  /** Logs in as quittance_worker; for reads, and for the verbs of notices. */
  pool: pg.Pool;
  rails: Rails;
  client: Client;
  waker: Waker;
  log: Log;
  alarms: Alarms;
  /** Aborted when this process goes down. */
  stopping: AbortSignal;
  notices: Pick<DeliverDeps, 'allowPrivate' | 'ownPorts' | 'terms' | 'rules'> & { logDays: number };
  /** Used by workers of the role `statements` only. */
  statements: Pick<MakeStatementsDeps, 'pool' | 'open' | 'threads' | 'retention'> & { terms?: StatementTerms };
  /** Used by workers of the role `archive` only. */
  archive: Pick<ArchiveDeps, 'pool' | 'open' | 'origin' | 'software' | 'retention' | 'terms'> &
    Pick<CopyCheckpointDeps, 'openCopy'>;
  waits?: Waits;
};

/** Inquiries have their own concurrency, this fraction of the rail's: they must not crowd out sends. */
const inquiriesShare = 4;
/** How many inquiries may wait for each that may run. Each holds a slot of the worker, where a `submit` could run. */
const inquiriesWaitingMax = 8;

/** Disabled endpoints whose notices one sweep counts, up to 100,000 of each. */
const keptPerLook = 5;

/** The steps of the contract, by the role of the worker that serves them. */
export type ActivitiesByRole = {
  groups: GroupSteps;
  rail: (name: NetworkName) => RailSteps;
  upkeep: UpkeepSteps;
  delivery: DeliverySteps;
  statements: StatementSteps;
  archive: ArchiveSteps;
};

/** Binds every activity to what it works with. What each does stands in its own file; how it is called, in `workflows/activity-table.ts`. */
export function createActivities(deps: ActivityDeps): ActivitiesByRole {
  const { ledger, pool, rails, client, waker, log, alarms, stopping, waits = defaultWaits } = deps;
  const readSnapshots = (ids: Uuid[]) => readSnapshotsFrom(pool, ids);
  return {
    groups: {
      reserveAtOnce: reserveAtOnce({ ledger, alarms }),
      reserve: reserve({ ledger, alarms }),
      release: release({ ledger, alarms }),
      takeDue: withHeartbeat(withNewerWaits(waits, takeDue({ ledger, client, stopping, waits }))),
      putOff: putOff({ ledger, readSnapshots, alarms }),
    },
    rail: (name) => {
      const rail = railOf(rails, name);
      const { concurrency } = rail.terms;
      const inquiriesMax = Math.ceil(concurrency / inquiriesShare);
      const sends = createFairSemaphore(concurrency);
      const inquiries = createFairSemaphore(inquiriesMax, inquiriesMax * inquiriesWaitingMax);
      const observer = createRailObserver({ ledger, rail, log });
      const shared = { ledger, readSnapshots, rail, stopping };
      return {
        submit: withHeartbeat(submit({ ...shared, semaphore: sends, observer, alarms })),
        inquire: withNewerWaits(waits, inquire({ ...shared, semaphore: inquiries })),
      };
    },
    upkeep: {
      startInquiries: withHeartbeat(startInquiries({ client, readSnapshots, stopping })),
      repairOverdue: withHeartbeat(
        repairOverdue({
          ledger,
          stopping,
          startInquiries: startInquiries({ client, readSnapshots, stopping }),
          startDispatchers: () => startDispatchers(client, waits),
          readBacklog: () => readBacklog(pool),
          overdueEndpoints: (graceMs, limit) => overdueEndpoints(pool, graceMs, limit),
          boundKeptNotices: () => boundKeptNotices(pool, keptPerLook),
          waker,
          alarms,
        }),
      ),
      housekeep: withHeartbeat(housekeep({ ledger, alarms, deliveryDays: deps.notices.logDays })),
    },
    delivery: {
      deliver: withHeartbeat(withNewerWaits(waits, deliver({ pool, log, stopping, ...deps.notices }))),
    },
    statements: statementSteps(deps, waits),
    archive: archiveSteps(deps, waits),
  };
}

/** What finds, cuts and makes statements. All but the look for them has connections of its own. */
function statementSteps(
  { ledger, pool, client, waker, alarms, stopping, statements }: ActivityDeps,
  waits: Waits,
): StatementSteps {
  const tools = { terms: statementTerms, ...statements };
  const storage = createStorageWatch({ alarms, terms: tools.terms });
  const shared = { pool: statements.pool, alarms, stopping, storage };
  const onCommit = async ({ endpoints }: CommitEffects): Promise<void> => waker.wake(endpoints);
  const look = { client, ledger, waits, readBacklog: () => readBacklog(pool), hasStorage: statements.open !== null };
  return {
    openStatementRuns: withHeartbeat(openStatementRuns({ ...shared, ...look, pool })),
    cutStatements: cutStatements(shared),
    makeStatements: withHeartbeat(withNewerWaits(waits, makeStatements({ ...shared, ...tools, onCommit }))),
    closeStatements: withHeartbeat(closeStatements({ ...shared, onCommit })),
  };
}

/** What puts commits into the archive, on connections of its own. */
function archiveSteps({ ledger, waker, log, alarms, stopping, archive }: ActivityDeps, waits: Waits): ArchiveSteps {
  const next = archiveNext({ ...archive, alarms, stopping });
  const onCommit = async ({ endpoints }: CommitEffects): Promise<void> => waker.wake(endpoints);
  return {
    archiveNext: withHeartbeat(withNotedRun({ ledger, waits }, next)),
    copyCheckpoint: withHeartbeat(copyCheckpoint({ ...archive, alarms, log })),
    publishCheckpoint: withHeartbeat(publishCheckpoint({ pool: archive.pool, onCommit, stopping })),
  };
}
