import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { Result } from '../../domain/result.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { createPool, writerSettings } from '../../drizzle/client.ts';
import { createTenant } from '../../ledger/access/tenants.ts';
import { type AccountChange, changeAccount } from '../../ledger/accounts/change.ts';
import { openAccount } from '../../ledger/accounts/open.ts';
import { createLedger, type Ledger, type Touched } from '../../ledger/index.ts';
import type { NewEndpoint } from '../../ledger/notices/webhook-endpoints.ts';
import type { FreshDatabase } from './database.ts';

/** The pools of one database: `root` sees and may do everything, the others log in as their roles. */
export type Pools = { root: pg.Pool; api: pg.Pool; worker: pg.Pool; reader: pg.Pool; end(): Promise<void> };

/** One tenant whose people the tests speak of: Ada has 100 dollars, Grace has nothing, funding is the world outside. */
export type People = {
  tenantId: string;
  ada: string;
  grace: string;
  funding: string;
  /** The platform's own accounts in dollars. */
  clearing: string;
  suspense: string;
};

export type Balances = { posted: bigint; held: bigint; available: bigint };

/** A test would rather wait for a busy machine than be red. */
export const patience = { connectMs: 30_000 };

/** Pools with room for tests that race. */
export function poolsOf(database: FreshDatabase): Pools {
  const root = new pg.Pool({ connectionString: database.url, max: 4 });
  root.on('error', () => {});
  const api = createPool({ url: database.api, max: 4, name: 'test-api', ...patience });
  const worker = createPool({
    url: database.worker,
    max: 12,
    name: 'test-worker',
    settings: writerSettings,
    ...patience,
  });
  const reader = createPool({ url: database.reader, max: 4, name: 'test-reader', ...patience });
  return {
    root,
    api,
    worker,
    reader,
    end: async () => void (await Promise.all([root, api, worker, reader].map((pool) => pool.end()))),
  };
}

/** Does what no role of ours may: with the triggers off, in one commit. For a state that time alone would bring. */
export async function pastTheRules(root: pg.Pool, change: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await root.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await change(client);
    await client.query('commit');
  } finally {
    // Whatever went wrong, this connection and its settings are not used again.
    client.release(true);
  }
}

/** The worker's verbs over a test's pools. */
export const ledgerOf = (pools: Pools, onCommit: (touched: Touched) => Promise<void> = async () => {}): Ledger =>
  createLedger({ pool: pools.worker, onCommit });

/** Makes a tenant, its people, and Ada's 100 dollars. */
export async function people(pools: Pools, ledger: Ledger): Promise<People> {
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Analytical Engines', actor: 'test' });
  const [ada, grace, funding] = await Promise.all([
    anAccount(pools, { tenantId, name: 'Ada' }),
    anAccount(pools, { tenantId, name: 'Grace' }),
    anAccount(pools, { tenantId, name: 'Outside', kind: 'funding' }),
  ]);
  const own = await pools.root.query<{ kind: string; id: string }>(
    "select kind, id from ledger.account where tenant_id = $1 and currency = 'USD' and kind in ('clearing', 'suspense')",
    [tenantId],
  );
  const platform = Object.fromEntries(own.rows.map(({ kind, id }) => [kind, id]));
  const everyone = {
    tenantId,
    ada,
    grace,
    funding,
    clearing: platform['clearing'] ?? '',
    suspense: platform['suspense'] ?? '',
  };
  await ledger.reserve(
    randomUUID(),
    aTransfer(everyone, { sourceAccountId: funding, destinationAccountId: ada, amount: '10000' }),
  );
  return everyone;
}

/** Opens an account: a customer's in dollars without overdraft, unless said otherwise. Returns its id. */
export async function anAccount(
  pools: Pools,
  { tenantId, ...said }: { tenantId: string } & Partial<Parameters<typeof openAccount>[1]>,
): Promise<string> {
  const account = {
    id: uuidV7(),
    tenantId,
    name: 'Somebody',
    kind: 'customer' as const,
    currency: 'USD',
    overdraftLimit: null,
    reference: null,
    metadata: {},
    actor: 'test',
    idempotencyKey: null,
    ...said,
  };
  await openAccount(pools.api, account);
  return account.id;
}

/** Opens, freezes or closes an account as an operator does. */
export const setStatus = (
  pools: Pools,
  { id, tenantId, status }: Pick<AccountChange, 'id' | 'tenantId' | 'status'>,
): Promise<Result<null>> =>
  changeAccount(pools.api, { id, tenantId, name: null, metadata: null, status, actor: 'test' });

/** A webhook endpoint of the tenant at an address where nobody listens, unless said otherwise. */
export const anEndpoint = ({ tenantId }: Pick<People, 'tenantId'>, said: Partial<NewEndpoint> = {}): NewEndpoint => ({
  id: uuidV7(),
  tenantId,
  url: 'https://shop.example/notices',
  description: null,
  secret: 'whsec_x',
  actor: 'test',
  idempotencyKey: null,
  ...said,
});

/** A transfer of one dollar in the book from Ada to Grace, under a fresh key, unless said otherwise. */
export function aTransfer(
  { tenantId, ada, grace }: Pick<People, 'tenantId' | 'ada' | 'grace'>,
  said: Partial<TransferRequest> = {},
): TransferRequest {
  const request = {
    id: uuidV7(),
    tenantId,
    key: randomUUID(),
    fingerprint: '',
    amount: '100',
    currency: 'USD',
    rail: 'book' as const,
    sourceAccountId: ada,
    destinationAccountId: grace,
    destinationBank: null,
    reference: null,
    description: null,
    executeAt: null,
    metadata: {},
    traceparent: null,
    ...said,
  };
  const { id: _, fingerprint, ...terms } = request;
  return { ...request, fingerprint: fingerprint || createHash('sha256').update(JSON.stringify(terms)).digest('hex') };
}

/** A transfer of one dollar from Ada to her bank over the instant rail, unless said otherwise. */
export const toBank = (
  everyone: Pick<People, 'tenantId' | 'ada' | 'grace'>,
  said: Partial<TransferRequest> = {},
): TransferRequest =>
  aTransfer(everyone, {
    rail: 'instant',
    destinationAccountId: null,
    destinationBank: { routingNumber: '021000021', accountNumber: '770000000', name: 'Ada Lovelace' },
    ...said,
  });

/** What an account holds now. */
export async function balanceOf(pools: Pools, accountId: string): Promise<Balances> {
  const { rows } = await pools.root.query<{ posted: string; held: string }>(
    `select (normal * (credit_posted - debit_posted))::text as posted, (case normal when 1 then debit_pending else credit_pending end)::text as held
     from ledger.balance where account_id = $1`,
    [accountId],
  );
  const posted = BigInt(rows[0]?.posted ?? 0);
  const held = BigInt(rows[0]?.held ?? 0);
  return { posted, held, available: posted - held };
}
