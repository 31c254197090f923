import type pg from 'pg';
import type { Reader } from '../../drizzle/client.ts';
import { readCacheKey, readLinkKey, readSeal, readSourceKey } from '../../ledger/access/seal.ts';
import { listAccounts, readAccount } from '../../ledger/read/account.ts';
import { listApiKeys, readApiKey } from '../../ledger/read/api-keys.ts';
import { readAttempts } from '../../ledger/read/attempts.ts';
import { listAudit } from '../../ledger/read/audit.ts';
import { readBalanceAfter, readBalanceAt, readVersions } from '../../ledger/read/balance.ts';
import { listDeliveries } from '../../ledger/read/deliveries.ts';
import {
  readAttachedFrom,
  readIsEntryDetached,
  readIsEntryOfKeyDetached,
  readIsEntryOfTransferDetached,
  readKeptBalanceAfter,
  readKeptLegs,
} from '../../ledger/read/detached.ts';
import { listEntries, readEntry, readEntryByKey } from '../../ledger/read/entries.ts';
import { feedStart, readFeed, readFeedEnd } from '../../ledger/read/event-feed.ts';
import { readEvents } from '../../ledger/read/events.ts';
import { readAccountsInPeriod, readPostingsMade, readTransfersMade } from '../../ledger/read/exports.ts';
import { readFundingAccount } from '../../ledger/read/funding-account.ts';
import { listHolds, readHold } from '../../ledger/read/holds.ts';
import { readIsKeyUsed } from '../../ledger/read/idempotency-key.ts';
import { listPeriods, readPeriod } from '../../ledger/read/periods.ts';
import { listPostings } from '../../ledger/read/postings.ts';
import { listRails } from '../../ledger/read/rails.ts';
import { readPrimaryPosition, readStandbyPosition } from '../../ledger/read/standby.ts';
import { readStatementPlan } from '../../ledger/read/statement-plan.ts';
import { listStatementRuns, readStatementRun } from '../../ledger/read/statement-runs.ts';
import {
  listStatementObjects,
  listStatementPostings,
  listStatements,
  readStatement,
} from '../../ledger/read/statements.ts';
import type { TransferFilter } from '../../ledger/read/transfer-filter.ts';
import { listTransfers, readTransfer, readTransferByKey } from '../../ledger/read/transfers.ts';
import { readTrialBalance } from '../../ledger/read/trial-balance.ts';
import { listEndpoints, readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { readBacklog } from '../../ledger/upkeep/backlog.ts';
import { readLiveness } from '../../ledger/upkeep/liveness.ts';
import { readNoticeEvents } from '../../ledger/worker-reads/notice-events.ts';
import { readSnapshots } from '../../ledger/worker-reads/snapshot.ts';
import { archiveReads } from './archive-reads.ts';
import { sizeId } from './book.ts';
import type { ReadCase } from './read-case.ts';

const [large, small] = [sizeId('tenant', 1), sizeId('tenant', 2)];
const page = { limit: 25, after: null };
/** The whole of what a page may look at, where its filters have no index together. */
const lookedAt = 16_000;

const asTenant = (what: string, max: number, run: (reader: Reader) => Promise<unknown>): ReadCase => ({
  ...{ what, role: 'api', max },
  run: ({ reader }) => run(reader),
});
const asWorker = (what: string, max: number, run: (pool: pg.Pool) => Promise<unknown>): ReadCase => ({
  ...{ what, role: 'worker', max },
  run: ({ pool }) => run(pool),
});

const transfers = (what: string, filter: TransferFilter, max = 300, tenantId = large): ReadCase =>
  asTenant(what, max, (reader) => listTransfers(reader, tenantId, { filter, page }));

const hot = sizeId('account', 1);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const year = { from: daysAgo(360), to: daysAgo(0) };
const middle = { limit: 25, after: { time: daysAgo(100).toISOString(), tiebreak: sizeId('transfer', 1) } };

/** Every question of `ledger/read` and `ledger/worker-reads`, by the function that asks it. A new one without a case fails the test. */
export const readCases: Record<string, readonly ReadCase[]> = {
  ...archiveReads,
  listTransfers: [
    transfers('all', {}),
    asTenant('from the middle', 300, (reader) => listTransfers(reader, large, { filter: {}, page: middle })),
    transfers('a tenant without any', {}, 100, small),
    transfers("another tenant's hot account", { account_id: hot }, 100, small),
    transfers('a rail, by a tenant that never did', { rail: 'instant' }, 200, small),
    transfers('filters that no row has together', { account_id: hot, status: ['failed'], reference: 'rent' }, lookedAt),
  ],
  readTransferByKey: [asTenant('one', 100, (reader) => readTransferByKey(reader, large, 'open 2'))],
  readTransfer: [asTenant('one', 100, (reader) => readTransfer(reader, large, sizeId('transfer', 2_000_002)))],
  readEvents: [
    asTenant('of one', 300, (reader) =>
      readEvents(reader, large, { transferId: sizeId('transfer', 2_000_002), since: daysAgo(300) }),
    ),
  ],
  readFeed: [
    asTenant('where nothing is new', 100, async (reader) =>
      readFeed(reader, large, { after: await readFeedEnd(reader, large), types: null, limit: 100 }),
    ),
    asTenant('a tenant without any', 100, (reader) =>
      readFeed(reader, small, { after: feedStart, types: null, limit: 100 }),
    ),
  ],
  readFeedEnd: [asTenant('now', 50, (reader) => readFeedEnd(reader, large))],
  readTransfersMade: [
    asTenant('a page', 1_500, (reader) => readTransfersMade(reader, large, { ...year, after: undefined, limit: 500 })),
    asTenant('a late page', 1_500, (reader) =>
      readTransfersMade(reader, large, {
        ...year,
        after: { createdAt: daysAgo(50), id: sizeId('transfer', 1) },
        limit: 500,
      }),
    ),
    asTenant('of a day long past', 300, (reader) =>
      readTransfersMade(reader, large, { from: daysAgo(2_000), to: daysAgo(1_999), after: undefined, limit: 500 }),
    ),
  ],
  readAccountsInPeriod: [
    asTenant('a page', 20_000, (reader) =>
      readAccountsInPeriod(reader, large, { ...year, after: undefined, limit: 100 }),
    ),
  ],
  readPostingsMade: [
    asTenant('a page of the hot account', 1_500, (reader) =>
      readPostingsMade(reader, large, { ...year, accountId: hot, after: undefined, limit: 500 }),
    ),
  ],
  readAttempts: [asTenant('of one', 100, (reader) => readAttempts(reader, large, sizeId('transfer', 2_900_002)))],
  listAccounts: [asTenant('all', 300, (reader) => listAccounts(reader, large, { filter: {}, page }))],
  readAccount: [asTenant('the hot one', 100, (reader) => readAccount(reader, large, hot))],
  readFundingAccount: [
    asTenant('of a currency', 100, (reader) => readFundingAccount(reader, large, 'USD')),
    asTenant('of a currency without one', 100, (reader) => readFundingAccount(reader, large, 'CHF')),
  ],
  readIsKeyUsed: [asTenant('one that nobody used', 100, (reader) => readIsKeyUsed(reader, large, 'no such key'))],
  readVersions: [asTenant('of one', 100, (reader) => readVersions(reader, large, [hot]))],
  readAttachedFrom: [asTenant('now', 50, (reader) => readAttachedFrom(reader, large))],
  readIsEntryDetached: [asTenant('one', 100, (reader) => readIsEntryDetached(reader, large, sizeId('entry', 2)))],
  readIsEntryOfKeyDetached: [asTenant('one', 100, (reader) => readIsEntryOfKeyDetached(reader, large, 'open 2'))],
  readIsEntryOfTransferDetached: [
    asTenant('one', 100, (reader) => readIsEntryOfTransferDetached(reader, large, sizeId('transfer', 2))),
  ],
  readKeptLegs: [asTenant('one', 100, (reader) => readKeptLegs(reader, large, sizeId('entry', 2)))],
  readKeptBalanceAfter: [asTenant('one', 100, (reader) => readKeptBalanceAfter(reader, large, sizeId('transfer', 2)))],
  readBalanceAt: [asTenant('now', 100, (reader) => readBalanceAt(reader, large, { accountId: hot, at: daysAgo(0) }))],
  readBalanceAfter: [
    asTenant('of the hot account', 100, (reader) =>
      readBalanceAfter(reader, large, { accountId: hot, entryId: sizeId('entry', 1), at: daysAgo(100) }),
    ),
  ],
  listPostings: [asTenant('all', 300, (reader) => listPostings(reader, large, { accountId: hot, filter: {}, page }))],
  listHolds: [asTenant('all', 300, (reader) => listHolds(reader, large, { filter: {}, page }))],
  readHold: [asTenant('one', 100, (reader) => readHold(reader, large, sizeId('hold', 2)))],
  listEntries: [
    asTenant('all', 600, (reader) => listEntries(reader, large, { filter: {}, page })),
    asTenant('a tenant without any', 300, (reader) => listEntries(reader, small, { filter: {}, page })),
  ],
  readEntry: [asTenant('one', 150, (reader) => readEntry(reader, large, sizeId('entry', 2)))],
  readEntryByKey: [asTenant('one that made none', 100, (reader) => readEntryByKey(reader, large, 'open 2'))],
  readTrialBalance: [asTenant('of a large tenant', 30, (reader) => readTrialBalance(reader, large))],
  listPeriods: [asTenant('all', 100, (reader) => listPeriods(reader, large, page))],
  readPeriod: [asTenant('one', 50, (reader) => readPeriod(reader, large, '2024-05-01'))],
  listAudit: [asTenant('all', 300, (reader) => listAudit(reader, large, { filter: {}, page }))],
  listApiKeys: [asTenant('of many', 300, (reader) => listApiKeys(reader, large, page))],
  readApiKey: [asTenant('one', 100, (reader) => readApiKey(reader, large, sizeId('apiKey', 2)))],
  listEndpoints: [asTenant('of a few', 300, (reader) => listEndpoints(reader, large, page))],
  readEndpoint: [asTenant('one', 100, (reader) => readEndpoint(reader, large, sizeId('endpoint', 1)))],
  listDeliveries: [
    asTenant('of a dead receiver', 300, (reader) =>
      listDeliveries(reader, large, { endpointId: sizeId('endpoint', 1), filter: {}, page }),
    ),
  ],
  listStatements: [
    asTenant('all', 300, (reader) => listStatements(reader, large, { filter: {}, page })),
    asTenant('a tenant without any', 100, (reader) => listStatements(reader, small, { filter: {}, page })),
    asTenant('filters that few have together', lookedAt, (reader) =>
      listStatements(reader, large, { filter: { account_id: hot, kind: 'final' }, page }),
    ),
  ],
  readStatement: [asTenant('one', 100, (reader) => readStatement(reader, large, sizeId('statement', 4)))],
  listStatementObjects: [
    asTenant('of one', 100, (reader) =>
      listStatementObjects(reader, large, {
        statementId: sizeId('statement', 4),
        format: 'json',
        after: -1,
        limit: 100,
      }),
    ),
  ],
  listStatementPostings: [
    asTenant('a page of very many', 1_000, (reader) =>
      listStatementPostings(reader, large, { statementId: sizeId('statement', 400_000), page }),
    ),
    asTenant('of one without any', 100, (reader) =>
      listStatementPostings(reader, large, { statementId: sizeId('statement', 4), page }),
    ),
  ],
  readStatementPlan: [asTenant('of one of 20,000', 50, (reader) => readStatementPlan(reader, large))],
  readStatementRun: [asTenant('one', 50, (reader) => readStatementRun(reader, large, '2025-01'))],
  listStatementRuns: [asTenant('of a hundred months', 200, (reader) => listStatementRuns(reader, large, page))],
  listRails: [asTenant('all', 100, (reader) => listRails(reader))],
  readSnapshots: [
    asWorker('of 500', 8_000, (pool) =>
      readSnapshots(
        pool,
        Array.from({ length: 500 }, (_, n) => sizeId('transfer', 2_890_000 + n)),
      ),
    ),
  ],
  readNoticeEvents: [
    asWorker('of 100', 3_000, (pool) =>
      readNoticeEvents(
        pool,
        Array.from({ length: 100 }, (_, n) => ({
          ...{
            eventId: sizeId('event', n),
            subjectType: 'transfer' as const,
            subjectId: sizeId('transfer', 2_890_000 + n),
            version: 1,
            tries: 0,
          },
          eventAt: daysAgo(0.1).toISOString(),
        })),
      ),
    ),
  ],
  readCacheKey: [{ ...asWorker('the only one', 100, (pool) => readCacheKey(pool)), role: 'api' }],
  readSourceKey: [{ ...asWorker('the only one', 100, (pool) => readSourceKey(pool)), role: 'api' }],
  readLinkKey: [{ ...asWorker('the only one', 100, (pool) => readLinkKey(pool)), role: 'api' }],
  readPrimaryPosition: [{ ...asWorker('now', 100, (pool) => readPrimaryPosition(pool)), role: 'api' }],
  readStandbyPosition: [{ ...asWorker('now', 100, (pool) => readStandbyPosition(pool)), role: 'api' }],
  readSeal: [{ ...asWorker('the only one', 100, (pool) => readSeal(pool)), role: 'api' }],
  readLiveness: [asWorker('now', 300, (pool) => readLiveness(pool))],
  readBacklog: [asWorker('now', 120_000, (pool) => readBacklog(pool))],
};
