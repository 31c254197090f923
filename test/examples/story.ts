import { toPublic } from '../../domain/ids.ts';
import type { Accounts } from '../support/fixtures/accounts.ts';
import { aKey } from '../support/harness/api.ts';
import type { createRecorder } from './recorder.ts';

type Recorder = ReturnType<typeof createRecorder>;

/** What the story needs of the platform that it runs on. */
export type Stage = {
  accounts: Accounts;
  /** An address that takes notices. */
  receiver: string;
  /** Waits until a transfer has ended. */
  settled(transferId: string): Promise<void>;
  /** A key with the scope `operations`. */
  operations: string;
  /** Ends the month of statements that is not over, and waits until its run is there. Answers yyyy-mm. */
  endMonth(): Promise<string>;
  /** Waits until a statement is ready. */
  made(statementId: string): Promise<void>;
  /** Waits until every notice was delivered. */
  delivered(): Promise<void>;
  /** Waits until the feed shows everything that has happened. */
  shown(): Promise<void>;
};

/** Calls every operation once, or once for each kind of request, as a client of the platform would. */
export async function tellStory({ call }: Recorder, stage: Stage): Promise<void> {
  await call('getMe');
  await call('listRails');
  await call('listCurrencies');
  const body = { url: `${stage.receiver}notices`, description: 'The shop' };
  const endpoint: string = (await call('createWebhookEndpoint', { key: aKey(), body })).body.id;
  const from = new Date();
  await transfers(call, stage);
  const to = new Date();
  await accounts(call, stage);
  await holds(call, stage);
  await entries(call, stage);
  await statements(call, stage);
  await notices(call, stage, endpoint);
  await keysOf(call);
  await simpleBank(call, stage);
  await exportsOf(call, { from, to });
}

type Call = Recorder['call'];

async function transfers(call: Call, { accounts: { ada, grace }, settled }: Stage): Promise<void> {
  const terms = { amount: '1250', currency: 'USD', source: { account_id: toPublic('account', ada) } };
  const toGrace = { rail: 'book', ...terms, destination: { account_id: toPublic('account', grace) } };
  const book = await call('createTransfer', {
    name: 'book',
    key: aKey(),
    body: { ...toGrace, reference: 'invoice 7', metadata: { order: '4711' } },
  });
  const bank = { routing_number: '021000021', account_number: '1234567890', name: 'Grace Hopper' };
  const toBank = { rail: 'instant', ...terms, destination: { bank } };
  const instant = await call('createTransfer', { name: 'instant', key: aKey(), body: toBank });
  await settled(instant.body.id);
  await call('getTransfer', { name: 'book', params: { id: book.body.id } });
  await call('getTransfer', { name: 'instant', params: { id: instant.body.id } });
  await call('listTransferEvents', { params: { id: instant.body.id } });
  await call('listTransferAttempts', { params: { id: instant.body.id } });
  await call('listTransfers', { query: '?limit=2&status=completed' });
  await call('previewTransfer', { body: toGrace });
  const members = [1, 2].map((n) => ({ ...toGrace, amount: `${n}00`, idempotency_key: `salary-${n}` }));
  await call('createTransfers', { body: { transfers: members } });
  const executeAt = new Date(Date.now() + 86_400_000).toISOString();
  const body = { ...toGrace, execute_at: executeAt };
  const dated = await call('createTransfer', { name: 'scheduled', key: aKey(), body });
  await call('cancelTransfer', { params: { id: dated.body.id }, body: { reason: 'ordered twice' } });
  await call('reverseTransfer', { params: { id: book.body.id }, key: aKey(), body: { reason: 'returned goods' } });
}

async function accounts(call: Call, { accounts: { ada } }: Stage): Promise<void> {
  const params = { id: toPublic('account', ada) };
  const body = { name: 'Mary', currency: 'USD', reference: 'customer 12', metadata: { segment: 'new' } };
  const opened = await call('openAccount', { key: aKey(), body });
  const change = { name: 'Mary Shelley', metadata: { segment: 'kept' } };
  await call('changeAccount', { params: { id: opened.body.id }, body: change });
  await call('getAccount', { params });
  await call('listAccounts', { query: '?kind=customer' });
  await call('getBalance', { params });
  await call('listPostings', { params, query: '?limit=2' });
  await call('getTrialBalance');
}

async function holds(call: Call, { accounts: { ada, grace } }: Stage): Promise<void> {
  const parties = {
    source: { account_id: toPublic('account', ada) },
    destination: { account_id: toPublic('account', grace) },
  };
  const body = { ...parties, amount: '900', currency: 'USD', reference: 'booking 3' };
  const params = { id: (await call('createHold', { key: aKey(), body })).body.id };
  await call('captureHold', { params, key: aKey(), body: { amount: '400' } });
  await call('releaseHold', { params, body: { reason: 'left early' } });
  await call('getHold', { params });
  await call('listHolds', { query: '?status=released' });
}

async function entries(call: Call, { accounts: { ada, grace, funding } }: Stage): Promise<void> {
  const leg = (debit: string, credit: string, sum: string) => ({
    debit_account_id: toPublic('account', debit),
    credit_account_id: toPublic('account', credit),
    amount: sum,
    currency: 'USD',
  });
  const body = { legs: [leg(ada, grace, '300'), leg(ada, funding, '20')], description: 'Rent, with its fee' };
  const params = { id: (await call('postEntry', { key: aKey(), body })).body.id };
  await call('getEntry', { params });
  await call('listEntries', { query: '?limit=1' });
  const month = { month: '2025-12' };
  await call('closePeriod', { params: month });
  await call('getPeriod', { params: month });
  await call('listPeriods');
  await call('reverseEntry', { params, key: aKey(), body: {} });
}

async function statements(
  call: Call,
  { accounts: { tenantId, ada }, made, operations, endMonth }: Stage,
): Promise<void> {
  const { id } = (await call('createStatement', { body: { account_id: toPublic('account', ada) } })).body;
  const params = { id };
  await made(id);
  await call('getStatement', { params });
  await call('listStatementPostings', { params, query: '?limit=2' });
  await call('createStatementLink', { params, body: { format: 'pdf' } });
  await call('listStatements', { query: '?limit=1' });
  await call('getStatementPlan');
  const address = ['12 St James Square', 'London'];
  const brand = { name: 'Analytical Engines', address, inquiry: 'help@example.com', accent: '#1f4e79' };
  await call('changeStatementPlan', { body: { zone: 'Europe/London', brand } });
  const run = { tenant_id: toPublic('tenant', tenantId), month: await endMonth() };
  await call('listStatementRuns', { query: '?limit=1', secret: operations });
  await call('changeStatementRun', { params: run, body: { pace: 0 }, secret: operations });
}

async function notices(call: Call, { delivered, shown }: Stage, id: string): Promise<void> {
  const params = { id };
  await delivered();
  const delivery = (await call('listDeliveries', { params })).body.data[0].id;
  await call('replayDelivery', { params: { id, delivery_id: delivery } });
  await call('testWebhookEndpoint', { params });
  await call('rotateWebhookEndpointSecret', { params, body: {} });
  await call('changeWebhookEndpoint', { params, body: { description: 'The shop, new' } });
  await call('getWebhookEndpoint', { params });
  await call('listWebhookEndpoints');
  await call('deleteWebhookEndpoint', { params });
  await shown();
  await call('listEvents', { query: '?type=transfer.*&limit=2' });
}

async function keysOf(call: Call): Promise<void> {
  const made = await call('createApiKey', { key: aKey(), body: { name: 'Till', scopes: ['transfers:read'] } });
  const params = { id: made.body.id };
  await call('getApiKey', { params });
  await call('listApiKeys', { query: '?limit=1' });
  const rotated = await call('rotateApiKey', { params, key: aKey(), body: { overlap_seconds: 3_600 } });
  await call('expireApiKey', { params: { id: rotated.body.id }, body: { expires_at: '2099-01-01T00:00:00Z' } });
  await call('revokeApiKey', { params });
  await call('listAudit', { query: '?limit=2' });
}

async function simpleBank(call: Call, { accounts: { grace } }: Stage): Promise<void> {
  const { account_id: john } = (await call('openSimpleAccount', { key: aKey(), body: { name: 'John' } })).body;
  await call('addBalance', { key: aKey(), body: { account_id: john, amount: '10000' } });
  const body = { from: john, to: toPublic('account', grace), amount: '2500' };
  await call('moveMoney', { key: aKey(), body });
  await call('readSimpleBalance', { body: { account_id: john } });
  await call('listSimpleAccounts', { query: '?limit=1' });
  await call('listSimpleTransactions', { query: '?limit=1' });
  await call('listSimpleData', { query: '?limit=1' });
}

async function exportsOf(call: Call, { from, to }: { from: Date; to: Date }): Promise<void> {
  const query = `?${new URLSearchParams({ from: from.toISOString(), to: to.toISOString() })}`;
  await call('exportTransfers', { query });
  await call('exportPostings', { query });
}
