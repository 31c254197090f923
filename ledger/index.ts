import type pg from 'pg';
import type { NetworkName } from '../domain/rail.ts';
import type { ReserveOutcome } from '../domain/reservation.ts';
import type { TransferRequest } from '../domain/transfer.ts';
import { removePublicationTenants } from './archive/remove-publication-tenants.ts';
import { type RemovedRecords, removeArchivedRecords } from './archive/remove-records.ts';
import { type BatcherLimits, createBatcher } from './batcher.ts';
import type { OnCommit } from './commit-effects.ts';
import { expireHolds } from './holds/expire.ts';
import { blockedReservations } from './locks/blocked-reservations.ts';
import { createLockHolders } from './locks/holders.ts';
import { watchTransfers } from './locks/transfer-locks.ts';
import { forgetOrphans } from './notices/forget-orphans.ts';
import { dropOldDeliveries } from './partitions/drop-old-deliveries.ts';
import { makePartitions } from './partitions/make.ts';
import { type Breakers, observeRail, type RailObservation } from './rails/observe.ts';
import { registerRail } from './rails/register.ts';
import { setRailTerms } from './rails/set-terms.ts';
import { type ClaimCommand, claim, type Grant } from './transfers/claim.ts';
import { type Conclusion, conclude, type Report } from './transfers/conclude.ts';
import { type Overdue, overdue } from './transfers/overdue.ts';
import { raiseUnanswered } from './transfers/raise-unanswered.ts';
import { type ReleaseCommand, type ReleaseOutcome, release } from './transfers/release.ts';
import { type ReserveCommand, reserve } from './transfers/reserve.ts';
import { type Taken, takeDue } from './transfers/take-due.ts';
import { noteRun } from './upkeep/note-run.ts';
import { noteWorkers } from './upkeep/note-workers.ts';

/** The verbs of the book that a worker needs, bound to a database. Those that a transfer takes one by one are batched. */
export type Ledger = {
  reserve(groupId: string, request: TransferRequest): Promise<ReserveOutcome>;
  conclude(report: Report): Promise<Conclusion>;
  release(row: ReleaseCommand): Promise<ReleaseOutcome>;
  claim(command: ClaimCommand): Promise<Grant>;
  takeDue(request: Parameters<typeof takeDue>[1]): Promise<Taken>;
  observeRail(observation: RailObservation): Promise<Breakers>;
  registerRail(rail: NetworkName): Promise<boolean>;
  setRailTerms(request: Parameters<typeof setRailTerms>[1]): Promise<boolean>;
  overdue(request: Parameters<typeof overdue>[1]): Promise<Overdue[]>;
  raiseUnanswered(limit: number): Promise<number>;
  expireHolds(request: Parameters<typeof expireHolds>[1]): ReturnType<typeof expireHolds>;
  makePartitions(months: number): Promise<number>;
  noteRun(run: Parameters<typeof noteRun>[1]): Promise<number>;
  noteWorkers(queues: readonly string[]): Promise<number>;
  dropOldDeliveries(days: number): Promise<number>;
  forgetOrphans(limit: number): Promise<number>;
  removeArchivedRecords(request: Parameters<typeof removeArchivedRecords>[1]): Promise<RemovedRecords>;
  removePublicationTenants(request: Parameters<typeof removePublicationTenants>[1]): Promise<RemovedRecords>;
  /** Waits until nothing is on its way to the database. */
  idle(): Promise<void>;
};

export type { CommitEffects } from './commit-effects.ts';

/**
 * Binds the verbs. `pool` logs in as quittance_worker with `writerSettings` and has at least two connections a batcher
 * (eight) and one for the rest. `onCommit` gets what each commit changed, before the callers are answered.
 * Faults (database away, overload) are thrown: the caller tries again with the same ids.
 */
export function createLedger({
  pool,
  onCommit,
  limits,
}: {
  pool: pg.Pool;
  onCommit: OnCommit;
  limits?: Partial<BatcherLimits>;
}): Ledger {
  const holders = createLockHolders();
  const lockedTransfers = watchTransfers(pool, holders);
  const reservations = createBatcher<ReserveCommand, ReserveOutcome>({
    send: (commands) => reserve(pool, commands, onCommit),
    keyOf: ({ request }) => `${request.tenantId} ${request.key}`,
    locks: { holders, idOf: ({ request }) => request.id, blocked: (commands) => blockedReservations(pool, commands) },
    limits: limits ?? {},
  });
  const conclusions = createBatcher<Report, Conclusion>({
    send: (reports) => conclude(pool, reports, onCommit),
    keyOf: (report) => report.transferId,
    locks: lockedTransfers({ idOf: (report: Report) => report.transferId, withAccounts: true }),
    limits: limits ?? {},
  });
  const claims = createBatcher<ClaimCommand, Grant>({
    send: (commands) => claim(pool, commands),
    keyOf: ({ id }) => id,
    locks: lockedTransfers({ idOf: ({ id }: ClaimCommand) => id, withAccounts: false }),
    limits: limits ?? {},
  });
  const releases = createBatcher<ReleaseCommand, ReleaseOutcome>({
    send: (rows) => release(pool, rows, onCommit),
    keyOf: ({ id }) => id,
    locks: lockedTransfers({ idOf: ({ id }: ReleaseCommand) => id, withAccounts: true }),
    limits: limits ?? {},
  });
  return {
    reserve: (groupId, request) => reservations.push({ groupId, request }),
    conclude: (report) => conclusions.push(report),
    release: (row) => releases.push(row),
    claim: (command) => claims.push(command),
    takeDue: (request) => takeDue(pool, request),
    observeRail: (observation) => observeRail(pool, observation),
    registerRail: (rail) => registerRail(pool, rail),
    setRailTerms: (request) => setRailTerms(pool, request),
    overdue: (request) => overdue(pool, request),
    raiseUnanswered: (limit) => raiseUnanswered(pool, limit),
    expireHolds: (request) => expireHolds(pool, request, onCommit),
    makePartitions: (months) => makePartitions(pool, months),
    noteRun: (run) => noteRun(pool, run),
    noteWorkers: (queues) => noteWorkers(pool, queues),
    dropOldDeliveries: (days) => dropOldDeliveries(pool, days),
    forgetOrphans: (limit) => forgetOrphans(pool, limit),
    removeArchivedRecords: (request) => removeArchivedRecords(pool, request),
    removePublicationTenants: (request) => removePublicationTenants(pool, request),
    idle: async () => {
      await Promise.all([reservations, conclusions, claims, releases].map((batcher) => batcher.idle()));
    },
  };
}
