import type pg from 'pg';
import type { Reader } from '../../drizzle/client.ts';
import { readSeal } from '../../ledger/access/seal.ts';
import { listAccounts, readAccount } from '../../ledger/read/account.ts';
import { listApiKeys, readApiKey } from '../../ledger/read/api-keys.ts';
import { readAttempts } from '../../ledger/read/attempts.ts';
import { readBalanceAt, readVersions } from '../../ledger/read/balance.ts';
import { listDeliveries } from '../../ledger/read/deliveries.ts';
import { readEvents } from '../../ledger/read/events.ts';
import { listPostings } from '../../ledger/read/postings.ts';
import { listRails } from '../../ledger/read/rails.ts';
import type { TransferFilter } from '../../ledger/read/transfer-filter.ts';
import { listTransfers, readTransfer, readTransferByKey } from '../../ledger/read/transfers.ts';
import { readTrialBalance } from '../../ledger/read/trial-balance.ts';
import { listEndpoints, readEndpoint } from '../../ledger/read/webhook-endpoints.ts';
import { readBacklog } from '../../ledger/upkeep/backlog.ts';
import { readLiveness } from '../../ledger/upkeep/liveness.ts';
import { readNoticeEvents } from '../../ledger/work/notice-events.ts';
import { readSnapshots } from '../../ledger/work/snapshot.ts';
import { sizeId } from './book.ts';

/**
 * A question of a tenant, or of a worker, on the size book. `filters`: the parameters of the API that it has. `max`: blocks
 * that all its statements may visit.
 */
export type ReadCase = {
  what: string;
  role: 'api' | 'worker';
  filters: readonly string[];
  max: number;
  run: (by: { reader: Reader; pool: pg.Pool }) => Promise<unknown>;
};

const [large, small] = [sizeId('tenant', 1), sizeId('tenant', 2)];
const page = { limit: 25, after: null };
/** The whole of what a page may look at, where its filters have no index together. */
const lookedAt = 16_000;

const asTenant = (what: string, max: number, run: (reader: Reader) => Promise<unknown>): ReadCase => ({
  ...{ what, role: 'api', filters: [], max },
  run: ({ reader }) => run(reader),
});
const asWorker = (what: string, max: number, run: (pool: pg.Pool) => Promise<unknown>): ReadCase => ({
  ...{ what, role: 'worker', filters: [], max },
  run: ({ pool }) => run(pool),
});

const transfers = (what: string, filter: TransferFilter, max = 300, tenantId = large): ReadCase => ({
  ...asTenant(what, max, (reader) => listTransfers(reader, tenantId, { filter, page })),
  filters: Object.keys(filter),
});
const accounts = (what: string, filter: Parameters<typeof listAccounts>[2]['filter'], max = 300): ReadCase => ({
  ...asTenant(what, max, (reader) => listAccounts(reader, large, { filter, page })),
  filters: Object.keys(filter),
});
const postings = (what: string, filter: Parameters<typeof listPostings>[2]['filter']): ReadCase => ({
  ...asTenant(what, 300, (reader) => listPostings(reader, large, { accountId: sizeId('account', 1), filter, page })),
  filters: Object.keys(filter),
});

const hot = sizeId('account', 1);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const middle = { limit: 25, after: { time: daysAgo(100).toISOString(), tiebreak: sizeId('transfer', 1) } };

/** Every question of `ledger/read` and `ledger/work`, by the function that asks it. A new one without a case fails the test. */
export const readCases: Record<string, readonly ReadCase[]> = {
  listTransfers: [
    transfers('all', {}),
    asTenant('from the middle', 300, (reader) => listTransfers(reader, large, { filter: {}, page: middle })),
    transfers('a tenant without any', {}, 100, small),
    transfers('a state that many have', { status: ['completed'] }),
    transfers('a state that few have', { status: ['failed'] }),
    transfers('a state that none has', { status: ['cancelled', 'reversed'] }),
    transfers('all ends but one', { status: ['declined', 'rejected', 'failed', 'cancelled'] }),
    transfers('the hot account', { account_id: hot }),
    transfers('an account without transfers', { account_id: sizeId('account', 2) }),
    transfers("another tenant's hot account", { account_id: hot }, 100, small),
    transfers('a rail that many use', { rail: 'book' }),
    transfers('a rail, by a tenant that never did', { rail: 'instant' }, 200, small),
    transfers('a reference that many have', { reference: 'rent' }),
    transfers('a reference that none has', { reference: 'no such' }),
    transfers('attention', { attention: true }),
    transfers('no attention', { attention: false }, lookedAt),
    transfers('a day', { created_from: daysAgo(100), created_to: daysAgo(99) }),
    transfers('a day long past', { created_from: daysAgo(2_000), created_to: daysAgo(1_999) }),
    transfers('filters that no row has together', { account_id: hot, status: ['failed'], reference: 'rent' }, lookedAt),
    transfers('a frequent state of a rare reference', { status: ['completed'], reference: 'no such' }),
    transfers('a rare state of the hot account', { account_id: hot, status: ['cancelled'] }, lookedAt),
    transfers('attention in a frequent state', { status: ['completed'], attention: true }, lookedAt),
  ],
  readTransferByKey: [
    {
      ...asTenant('one', 100, (reader) => readTransferByKey(reader, large, 'open 2')),
      filters: ['idempotency_key'],
    },
  ],
  readTransfer: [asTenant('one', 100, (reader) => readTransfer(reader, large, sizeId('transfer', 2_000_002)))],
  readEvents: [
    asTenant('of one', 300, (reader) =>
      readEvents(reader, large, { transferId: sizeId('transfer', 2_000_002), since: daysAgo(300) }),
    ),
  ],
  readAttempts: [asTenant('of one', 100, (reader) => readAttempts(reader, large, sizeId('transfer', 2_900_002)))],
  listAccounts: [
    accounts('all', {}),
    accounts('a reference that many have', { reference: 'payroll' }),
    accounts('a reference that none has', { reference: 'no such' }),
    accounts('open ones', { status: 'open' }),
    accounts('closed ones', { status: 'closed' }),
    accounts('the few frozen ones', { status: 'frozen' }),
    accounts('frozen ones of a reference that many have', { status: 'frozen', reference: 'payroll' }, lookedAt),
  ],
  readAccount: [asTenant('the hot one', 100, (reader) => readAccount(reader, large, hot))],
  readVersions: [asTenant('of one', 100, (reader) => readVersions(reader, large, [hot]))],
  readBalanceAt: [asTenant('now', 100, (reader) => readBalanceAt(reader, large, { accountId: hot, at: daysAgo(0) }))],
  listPostings: [
    postings('all', {}),
    postings('of an hour', { from: daysAgo(0.1), to: daysAgo(0.05) }),
    postings('of a day long past', { from: daysAgo(2_000), to: daysAgo(1_999) }),
  ],
  // It reads every balance of the tenant: its cost is that of the tenant's accounts, not of everybody's.
  readTrialBalance: [asTenant('of a small tenant', 100, (reader) => readTrialBalance(reader, small))],
  listApiKeys: [asTenant('of many', 300, (reader) => listApiKeys(reader, large, page))],
  readApiKey: [asTenant('one', 100, (reader) => readApiKey(reader, large, sizeId('apiKey', 2)))],
  listEndpoints: [asTenant('of a few', 300, (reader) => listEndpoints(reader, large, page))],
  readEndpoint: [asTenant('one', 100, (reader) => readEndpoint(reader, large, sizeId('endpoint', 1)))],
  listDeliveries: [
    asTenant('of a dead receiver', 300, (reader) =>
      listDeliveries(reader, large, { endpointId: sizeId('endpoint', 1), page }),
    ),
  ],
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
          ...{ eventId: sizeId('event', n), transferId: sizeId('transfer', 2_890_000 + n), version: 1, tries: 0 },
          eventAt: daysAgo(0.1).toISOString(),
        })),
      ),
    ),
  ],
  readSeal: [{ ...asWorker('the only one', 100, (pool) => readSeal(pool)), role: 'api' }],
  readLiveness: [asWorker('now', 200, (pool) => readLiveness(pool))],
  readBacklog: [asWorker('now', 120_000, (pool) => readBacklog(pool))],
};
