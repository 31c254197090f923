import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidV7 } from 'uuid';
import { fingerprintOf } from '../../api/http/request/fingerprint.ts';
import type { Json } from '../../api/http/request/strict-json.ts';
import { viewAtFirst } from '../../api/transfers/view.ts';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import type { NextWhat } from '../../domain/next-step.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { openAccount } from '../../ledger/accounts/open.ts';
import { beginArchiveSegment } from '../../ledger/archive/begin-segment.ts';
import { createHolds } from '../../ledger/holds/create.ts';
import { createLedger, type Ledger } from '../../ledger/index.ts';
import { createEndpoint } from '../../ledger/notices/create-webhook-endpoint.ts';
import { pauseRail } from '../../ledger/rails/pause.ts';
import { cutStatements } from '../../ledger/statements/cut.ts';
import { endStatementMonth } from '../../ledger/statements/end-month.ts';
import { openStatementMonths } from '../../ledger/statements/open-months.ts';
import { requestStatement } from '../../ledger/statements/request.ts';
import { instantTerms } from '../../rails/instant/terms.ts';
import { aTransfer } from '../support/fixtures/accounts.ts';
import { aClaim } from '../support/fixtures/sends.ts';
import { type Names, named, type StoryPools } from './names.ts';

const actor = 'olga';
/** Ids that the ledger does not compare with a clock are the same in every run, and so are the fingerprints of requests that name them. */
const constantId = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const openTenantId = constantId(1);
const destinationId = constantId(2);
const carrierId = constantId(3);
const senderId = constantId(4);
/** What every transfer of this story moves. */
export const openAmount = '100';
const bankOf = (routingNumber: string) => ({
  scheme: 'us_account' as const,
  routingNumber,
  accountNumber: '770000000',
  name: 'Grace Hopper',
});
const [goodBank, silentBank] = ['021000021', '021000089'];

type Row = { next: NextWhat; rail?: 'book'; source?: string; bank?: string };

/** Every transfer of the story: what it waits for when the story ends, and on which rail. Each has a source of its own, unless `source` says whose. */
export const openTransfers = {
  datedBook: { next: 'send_on_date', rail: 'book' },
  dated: { next: 'send_on_date' },
  toSend: { next: 'send' },
  /** Its sender has died, and the bank has it or not. */
  leased: { next: 'await_answer' },
  leasedAndTaken: { next: 'await_answer' },
  /** Its answer was lost, and the bank has it or not. */
  unknown: { next: 'inquire' },
  unknownAndTaken: { next: 'inquire' },
  again: { next: 'send_again' },
  inTurn: { next: 'send_in_turn', source: 'again' },
  ofRail: { next: 'send_when_rail_recovers' },
  ofBank: { next: 'send_when_bank_recovers', bank: silentBank },
  ofWorker: { next: 'send_when_worker_serves_rail' },
} as const satisfies Record<string, Row>;

export type OpenTransfer = keyof typeof openTransfers;
const transferNames = Object.keys(openTransfers) as OpenTransfer[]; // Its own keys.
export const sourceOf = (name: OpenTransfer): string => {
  const row: Row = openTransfers[name];
  return constantId(100 + Object.keys(openTransfers).indexOf(row.source ?? name));
};

/** A request as a client sent it, its key, and what it was answered, without what is new in each run. */
export type OpenRequest = { transfer: OpenTransfer; key: string; body: Json; answer: string };

/** Names of one run. `receiver`: where notices go. */
export function openNames(receiver: string): Names {
  const now = Date.now();
  return {
    ...Object.fromEntries(
      [...transferNames, 'hold', 'expiring', 'endpoint', 'statement'].map((name) => [name, uuidV7()]),
    ),
    receiver,
    soon: new Date(now + soonMs).toISOString(),
    month: new Date(now).toISOString().slice(0, 7),
  };
}

/** How long after the beginning of the story a dated transfer is due: after the story, however slow the machine is that replays it. */
const soonMs = 45_000;

/**
 * Leaves work open in every way that there is, as programs do that are stopped: transfers at every next step, holds, notices that are due, statements that
 * are cut and not made, a month that is cut in part, and a segment of the archive that was begun. Returns what clients were answered.
 */
export async function leaveOpen(pools: StoryPools, names: Names): Promise<OpenRequest[]> {
  const ledger = createLedger({ pool: pools.worker, onCommit: async () => {} });
  await ledger.registerRail('instant');
  // A lease that is over soon after the upgrade.
  const terms = {
    ...instantTerms,
    requestTimeoutMs: 3_000,
    leaseMarginMs: 2_000,
    quietPeriodMs: 2_000,
    breakerOpenMs: 1_000,
  };
  await ledger.setRailTerms({ rail: 'instant', terms, version: 1 });
  await accounts(pools, names);
  const requests = await transfers(pools, ledger, names);
  const idempotencyKey = { fingerprint: 'a'.repeat(64) };
  const held = {
    sourceAccountId: sourceOf('toSend'),
    destinationAccountId: destinationId,
    amount: openAmount,
    currency: 'USD',
  };
  for (const [name, expiresAt] of [
    ['hold', null],
    ['expiring', new Date(named(names, 'soon'))],
  ] as const) {
    const hold = {
      id: named(names, name),
      tenantId: openTenantId,
      idempotencyKey: { ...idempotencyKey, key: `open-${name}` },
      ...held,
    };
    await createHolds(pools.api, [{ ...hold, expiresAt, reference: null, metadata: {} }], async () => {});
  }
  await statements(pools, names);
  const { status } = await beginArchiveSegment(pools.worker, { recordsMax: 10_000, emptyAfterMs: 3_600_000 });
  check(status === 'begun', 'nobody else writes to the server of a recording');
  return requests;
}

async function accounts({ owner, api }: StoryPools, names: Names): Promise<void> {
  await createTenant(owner, { id: openTenantId, name: 'Difference Engines', actor });
  const one = {
    tenantId: openTenantId,
    currency: 'USD',
    kind: 'customer' as const,
    reference: null,
    metadata: {},
    actor,
    idempotencyKey: null,
  };
  for (const id of new Set([destinationId, ...transferNames.map(sourceOf)]))
    await openAccount(api, { ...one, id, name: 'A customer', overdraftLimit: '100000' });
  const endpoint = {
    id: named(names, 'endpoint'),
    tenantId: openTenantId,
    url: named(names, 'receiver'),
    description: null,
  };
  await createEndpoint(api, {
    ...endpoint,
    secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    actor,
    idempotencyKey: null,
  });
}

async function transfers({ owner }: StoryPools, ledger: Ledger, names: Names): Promise<OpenRequest[]> {
  const requests: OpenRequest[] = [];
  const reserve = async (name: OpenTransfer): Promise<string> => {
    const request = requestOf(name, names);
    const outcome = await ledger.reserve(carrierId, request.reserved);
    if (outcome.result !== 'decided') throw new Error(`${name} is ${outcome.result}`);
    // A date is new in each run, and with it the fingerprint.
    if (request.reserved.executeAt === null)
      requests.push({
        transfer: name,
        key: request.reserved.key,
        body: request.body,
        answer: withoutRun(viewAtFirst(request.reserved.id, request.reserved, outcome.event)),
      });
    return request.reserved.id;
  };
  const send = async (name: OpenTransfer): Promise<string> => {
    const id = await reserve(name);
    await ledger.claim(aClaim({ id, carrier: carrierId, sender: senderId }));
    return id;
  };
  for (const name of ['datedBook', 'dated', 'toSend'] as const) await reserve(name);
  for (const name of ['leased', 'leasedAndTaken'] as const) await send(name);
  for (const name of ['unknown', 'unknownAndTaken'] as const)
    await ledger.conclude({
      transferId: await send(name),
      source: 'reply',
      outcome: 'unknown',
      code: 'http_500',
      sendN: 1,
    });
  await ledger.conclude({
    transferId: await send('again'),
    source: 'reply',
    outcome: 'not_taken',
    code: 'http_503',
    sendN: 1,
  });
  await reserve('inTurn');
  const noWorker = {
    source: 'carrier',
    outcome: 'put_off',
    carrier: carrierId,
    code: 'no_worker',
    retryAfterMs: 2_000,
  } as const;
  await ledger.conclude({ transferId: await reserve('ofWorker'), ...noWorker });
  await pauseRail(owner, { rail: 'instant', actor, why: 'the network asked' });
  await reserve('ofRail');
  await pauseRail(owner, { rail: 'instant', actor, why: null });
  await ledger.observeRail({
    rail: 'instant',
    sources: [{ tenant: 'ours', bank: silentBank, good: 0, bad: 2, cost: 10 }],
  });
  await reserve('ofBank');
  return requests;
}

async function statements({ api, owner, worker }: StoryPools, names: Names): Promise<void> {
  const tenantId = openTenantId;
  await requestStatement(api, {
    id: named(names, 'statement'),
    tenantId,
    accountId: sourceOf('toSend'),
    actor,
    idempotencyKey: null,
  });
  await endStatementMonth(owner, { tenantId, actor });
  await openStatementMonths(worker, { limit: 10 });
  // One account of all: the next page is for the programs after the upgrade.
  const page = { tenantId, month: named(names, 'month'), after: null, limit: 1 };
  while ((await cutStatements(worker, page)).status === 'waiting') await sleep(1_000);
}

/** The request in the ledger's form, and as a client sent it. */
function requestOf(name: OpenTransfer, names: Names): { reserved: TransferRequest; body: Json } {
  const row: Row = openTransfers[name];
  const { scheme, routingNumber, accountNumber, name: holder } = bankOf(row.bank ?? goodBank);
  const isBook = row.rail === 'book';
  const body = {
    ...{ rail: row.rail ?? 'instant', amount: openAmount, currency: 'USD' },
    source: { account_id: toPublic('account', sourceOf(name)) },
    destination: isBook
      ? { account_id: toPublic('account', destinationId) }
      : { bank: { scheme, routing_number: routingNumber, account_number: accountNumber, name: holder } },
  };
  const reserved = aTransfer(
    { tenantId: openTenantId, ada: sourceOf(name), grace: destinationId },
    {
      ...{ id: named(names, name), key: `open-${name}`, amount: openAmount },
      ...{ rail: row.rail ?? 'instant', destinationAccountId: isBook ? destinationId : null },
      destinationBank: isBook ? null : bankOf(row.bank ?? goodBank),
      fingerprint: fingerprintOf({ method: 'POST', route: '/v1/transfers', body }),
      executeAt: name === 'dated' || name === 'datedBook' ? named(names, 'soon') : null,
    },
  );
  return { reserved, body };
}

/** An answer without ids of transfers and instants, which are new in each run. */
export const withoutRun = (answer: unknown): string =>
  (typeof answer === 'string' ? answer : JSON.stringify(answer))
    .replace(/\btr_[0-9a-z]{26}\b/g, 'tr_…')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…');
