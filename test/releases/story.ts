import { createHash } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { TransferRequest } from '../../domain/transfer.ts';
import { authenticate } from '../../ledger/access/authenticate.ts';
import { createApiKey } from '../../ledger/access/create-api-key.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { limitTenant } from '../../ledger/access/limit-tenant.ts';
import { revokeApiKey } from '../../ledger/access/revoke-api-key.ts';
import { revokeApiKeyFamily } from '../../ledger/access/revoke-api-key-family.ts';
import { readSeal } from '../../ledger/access/seal.ts';
import { changeAccount } from '../../ledger/accounts/change.ts';
import { openAccount } from '../../ledger/accounts/open.ts';
import { createLedger, type Ledger } from '../../ledger/index.ts';
import { blockedReservations } from '../../ledger/locks/blocked-reservations.ts';
import { blockedTransfers } from '../../ledger/locks/blocked-transfers.ts';
import { boundKeptNotices } from '../../ledger/notices/bound-kept.ts';
import { changeEndpoint } from '../../ledger/notices/change-webhook-endpoint.ts';
import { createEndpoint } from '../../ledger/notices/create-webhook-endpoint.ts';
import { deleteEndpoint } from '../../ledger/notices/delete-webhook-endpoint.ts';
import { disableEndpoint } from '../../ledger/notices/disable.ts';
import { dueNotices } from '../../ledger/notices/due.ts';
import { observeEndpoint } from '../../ledger/notices/observe-endpoint.ts';
import { overdueEndpoints } from '../../ledger/notices/overdue.ts';
import { replayDelivery } from '../../ledger/notices/replay-delivery.ts';
import { restartNotices } from '../../ledger/notices/restart.ts';
import { resumeEndpoint } from '../../ledger/notices/resume.ts';
import { settleNotice } from '../../ledger/notices/settle.ts';
import { pauseRail } from '../../ledger/rails/pause.ts';
import { acknowledgeAttention } from '../../ledger/transfers/acknowledge.ts';
import { readBacklog } from '../../ledger/upkeep/backlog.ts';
import { readLiveness } from '../../ledger/upkeep/liveness.ts';
import { instantTerms } from '../../rails/instant/terms.ts';
import { aTransfer, toBank } from '../support/fixtures/accounts.ts';
import { aClaim } from '../support/fixtures/sends.ts';

/** Everything that is new in a run of the story, by name: ids and instants. A replay makes its own. */
export type Names = Record<string, string>;

export const roles = ['owner', 'api', 'worker'] as const;
export type StoryPools = Record<(typeof roles)[number], pg.Pool>;

const ids = [
  'tenant',
  'ada',
  'grace',
  'outside',
  'apiKey',
  'endpoint',
  'delivery',
  'funding',
  'book',
  'paid',
  'unanswered',
  'later',
  'groupOne',
  'groupTwo',
  'senderOne',
  'senderTwo',
  'carrier',
];

/** Fresh names for one run. */
export function freshNames(): Names {
  const now = new Date();
  return {
    ...Object.fromEntries(ids.map((name) => [name, uuidV7()])),
    now: now.toISOString(),
    tomorrow: new Date(now.getTime() + 86_400_000).toISOString(),
  };
}

/**
 * Calls every verb that a program or an operator calls, each with an answer that is not empty: what a release is remembered
 * by. It goes one call after the other, so that a replay of the calls meets the same states.
 */
export async function tell(pools: StoryPools, names: Names): Promise<void> {
  const ledger = createLedger({ pool: pools.worker, onCommit: async () => {} });
  await ledger.registerRail('instant');
  await ledger.setRailTerms({ rail: 'instant', terms: instantTerms, version: 1 });
  await administration(pools, names);
  await transfers(ledger, names);
  await locks(pools, names);
  await waiting(pools, ledger, names);
  await notices(pools, names);
  await ledger.makePartitions(3);
  await ledger.noteRun({ name: 'sweep', gapMs: 60_000 });
  await ledger.noteWorkers(['groups']);
  await readLiveness(pools.worker);
  await ledger.dropOldDeliveries(7);
  await ledger.raiseUnanswered(10);
  await readBacklog(pools.worker);
  await acknowledgeAttention(pools.owner, { transferId: named(names, 'paid'), actor, why: 'seen' });
  await ledger.forgetOrphans(10);
  await endings(pools, names);
}

const actor = 'olga';
const named = (names: Names, name: string): string => names[name] ?? '';

async function administration({ owner, api }: StoryPools, names: Names): Promise<void> {
  const tenantId = named(names, 'tenant');
  await createTenant(owner, { id: tenantId, name: 'Analytical Engines', actor });
  await limitTenant(owner, { id: tenantId, rateLimit: 1_000, actor });
  const account = { tenantId, currency: 'USD', overdraftLimit: null, reference: null, metadata: {}, actor };
  const idempotencyKey = { key: 'open-ada', fingerprint: 'f'.repeat(64) };
  const ada = { ...account, id: named(names, 'ada'), name: 'Ada', kind: 'customer' as const, idempotencyKey };
  await openAccount(api, ada);
  await openAccount(api, ada);
  await openAccount(api, { ...ada, id: named(names, 'grace'), name: 'Grace', idempotencyKey: null });
  const outside = { ...account, id: named(names, 'outside'), name: 'Outside', kind: 'funding' as const };
  await openAccount(api, { ...outside, idempotencyKey: null });
  const id = named(names, 'apiKey');
  const secret = 'qk_story';
  const limits = { scopes: ['transfers:write'], rateLimit: 7, expiresAt: named(names, 'tomorrow') };
  await createApiKey(api, { id, tenantId, name: 'shop', secret, ...limits, actor, idempotencyKey: null });
  await readSeal(api);
  await authenticate(api, secret);
  const endpoint = { id: named(names, 'endpoint'), tenantId, actor };
  await createEndpoint(api, {
    ...endpoint,
    ...{ url: 'https://shop.example/notices', description: null, secret: 'whsec_x', idempotencyKey: null },
  });
}

/** Of the bank's transfers one is accepted, one goes unanswered and is rejected when asked. */
async function transfers(ledger: Ledger, names: Names): Promise<void> {
  const groupOne = named(names, 'groupOne');
  await ledger.reserve(
    groupOne,
    request(names, 'funding', {
      sourceAccountId: named(names, 'outside'),
      destinationAccountId: named(names, 'ada'),
      amount: '10000',
    }),
  );
  await ledger.reserve(groupOne, request(names, 'book'));
  for (const [name, sender] of [
    ['paid', 'senderOne'],
    ['unanswered', 'senderTwo'],
  ] as const) {
    await ledger.reserve(groupOne, request(names, name, bank(names)));
    await ledger.claim(aClaim({ id: named(names, name), carrier: groupOne, sender: named(names, sender) }));
  }
  const paid = { transferId: named(names, 'paid'), sendN: 1, code: 'ACSC', railReference: 'ref-1' };
  await ledger.conclude({ ...paid, source: 'reply', outcome: 'accepted' });
  const unanswered = { transferId: named(names, 'unanswered') };
  await ledger.conclude({ ...unanswered, source: 'reply', outcome: 'unknown', code: 'http_500', sendN: 1 });
  const rejected = { outcome: 'rejected', code: 'AC03', railReference: null, decisive: true } as const;
  await ledger.conclude({ ...unanswered, source: 'inquiry', askedAt: named(names, 'now'), ...rejected });
}

/** What a batcher asks when a call timed out on a lock. */
async function locks({ worker }: StoryPools, names: Names): Promise<void> {
  await blockedReservations(worker, [{ groupId: named(names, 'groupOne'), request: request(names, 'book') }]);
  await blockedTransfers(worker, { ids: [named(names, 'paid')], withAccounts: true });
}

/** A transfer that waits for a paused rail, is taken, and goes on its way. */
async function waiting({ owner }: StoryPools, ledger: Ledger, names: Names): Promise<void> {
  await pauseRail(owner, { rail: 'instant', actor, why: 'the network asked' });
  await ledger.reserve(named(names, 'groupTwo'), request(names, 'later', bank(names)));
  await pauseRail(owner, { rail: 'instant', actor, why: null });
  const carrier = named(names, 'carrier');
  await ledger.takeDue({ rail: 'instant', carrier, limit: 10, leaseMs: 30_000 });
  await ledger.release({ id: named(names, 'later'), carrier });
  await ledger.observeRail({
    rail: 'instant',
    sources: [{ tenant: 'a', bank: 'b', good: 1, bad: 1, cost: 1 }],
  });
  // A grace below nothing finds what is not late yet.
  await ledger.overdue({ graceMs: -60_000, limit: 10 });
}

async function notices({ owner, worker }: StoryPools, names: Names): Promise<void> {
  const endpointId = named(names, 'endpoint');
  await dueNotices(worker, endpointId, 10);
  await overdueEndpoints(worker, -60_000, 10);
  const notice = { id: named(names, 'delivery'), endpointId, transferId: named(names, 'book'), version: 1, tryN: 1 };
  await settleNotice(worker, { ...notice, outcome: 'delivered', status: 200, error: null, tookMs: 5, nextInMs: null });
  await replayDelivery(owner, { deliveryId: named(names, 'delivery'), actor });
  await observeEndpoint(
    worker,
    { endpointId, delivered: 0, isDown: true, askedMs: 0 },
    { firstMs: 5_000, maxMs: 300_000 },
  );
  await resumeEndpoint(owner, { endpointId, actor });
  await restartNotices(worker, endpointId, 10);
  await restartNotices(worker, endpointId, 10);
  await disableEndpoint(worker, { endpointId, reason: 'a test' });
  await boundKeptNotices(worker, 10);
}

async function endings({ api }: StoryPools, names: Names): Promise<void> {
  const tenantId = named(names, 'tenant');
  const change = { id: named(names, 'grace'), tenantId, name: 'Grace Hopper', metadata: {}, status: null, actor };
  await changeAccount(api, change);
  const endpoint = { id: named(names, 'endpoint'), tenantId, actor };
  await changeEndpoint(api, { ...endpoint, url: null, description: 'shop', status: 'disabled', reason: 'a test' });
  await deleteEndpoint(api, endpoint);
  await revokeApiKey(api, { id: named(names, 'apiKey'), tenantId, actor });
  await revokeApiKeyFamily(api, { id: named(names, 'apiKey'), tenantId, actor });
}

const bank = (names: Names): Partial<TransferRequest> => {
  const accounts = { tenantId: named(names, 'tenant'), ada: named(names, 'ada'), grace: named(names, 'grace') };
  const { rail, destinationAccountId, destinationBank } = toBank(accounts);
  return { rail, destinationAccountId, destinationBank };
};

function request(names: Names, name: string, fields: Partial<TransferRequest> = {}): TransferRequest {
  const accounts = { tenantId: named(names, 'tenant'), ada: named(names, 'ada'), grace: named(names, 'grace') };
  const fingerprint = createHash('sha256').update(name).digest('hex');
  return aTransfer(accounts, { id: named(names, name), key: `key-${name}`, fingerprint, ...fields });
}
