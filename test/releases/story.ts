import { createHash } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import type { TransferRequest } from '../../domain/transfer.ts';
import { authenticate } from '../../ledger/access/authenticate.ts';
import { createApiKey, unrestricted } from '../../ledger/access/create-api-key.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { disableTenant } from '../../ledger/access/disable-tenant.ts';
import { endApiKey } from '../../ledger/access/end-api-key.ts';
import { limitTenant } from '../../ledger/access/limit-tenant.ts';
import { noteApiKeysUsed } from '../../ledger/access/note-api-keys-used.ts';
import { revokeApiKey } from '../../ledger/access/revoke-api-key.ts';
import { revokeApiKeyFamily } from '../../ledger/access/revoke-api-key-family.ts';
import { rotateApiKey } from '../../ledger/access/rotate-api-key.ts';
import { readSeal } from '../../ledger/access/seal.ts';
import { changeAccount } from '../../ledger/accounts/change.ts';
import { openAccount } from '../../ledger/accounts/open.ts';
import { openFundingAccount } from '../../ledger/accounts/open-funding.ts';
import { feedsWithNews } from '../../ledger/feed/feeds-with-news.ts';
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
import { replayOwnDelivery } from '../../ledger/notices/replay-own-delivery.ts';
import { restartNotices } from '../../ledger/notices/restart.ts';
import { resumeEndpoint } from '../../ledger/notices/resume.ts';
import { rotateEndpointSecret } from '../../ledger/notices/rotate-endpoint-secret.ts';
import { settleNotice } from '../../ledger/notices/settle.ts';
import { testEndpoint } from '../../ledger/notices/test-endpoint.ts';
import { pauseRail } from '../../ledger/rails/pause.ts';
import { acknowledgeAttention } from '../../ledger/transfers/acknowledge.ts';
import { cancel } from '../../ledger/transfers/cancel.ts';
import { previewTransfer } from '../../ledger/transfers/preview.ts';
import { reverse } from '../../ledger/transfers/reverse.ts';
import { readBacklog } from '../../ledger/upkeep/backlog.ts';
import { readLiveness } from '../../ledger/upkeep/liveness.ts';
import { instantTerms } from '../../rails/instant/terms.ts';
import { aTransfer, toBank } from '../support/fixtures/accounts.ts';
import { aClaim } from '../support/fixtures/sends.ts';
import { archive } from './archive-story.ts';
import { entries } from './entry-story.ts';
import { tellHolds } from './hold-story.ts';
import { months } from './month-story.ts';
import { type Names, named, type StoryPools } from './names.ts';
import { statements } from './statement-story.ts';

const ids = [
  'tenant',
  'ada',
  'grace',
  'outside',
  'euros',
  'apiKey',
  'successor',
  'endpoint',
  'delivery',
  'funding',
  'book',
  'paid',
  'unanswered',
  'later',
  'previewed',
  'dated',
  'undone',
  'undoing',
  'groupOne',
  'groupTwo',
  'senderOne',
  'senderTwo',
  'carrier',
  'hold',
  'capture',
  'release',
  'entry',
  'reversal',
  'statement',
  'access',
  'refusedSignIn',
];

/** Fresh names for one run. What the database makes, it gets when it is made. */
export function freshNames(): Names {
  const now = new Date();
  return {
    ...Object.fromEntries(ids.map((name) => [name, uuidV7()])),
    now: now.toISOString(),
    tomorrow: new Date(now.getTime() + 86_400_000).toISOString(),
    month: now.toISOString().slice(0, 7),
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
  await entries(pools, names);
  await locks(pools, names);
  await previewing(pools, names);
  await cancelling(pools, ledger, names);
  await reversing(pools, ledger, names);
  await waiting(pools, ledger, names);
  await notices(pools, names);
  await tellHolds(pools.api, ledger, (name) => named(names, name));
  await statements(pools, names);
  await archive(pools, names);
  await months(pools, names);
  await ledger.makePartitions(3);
  await ledger.noteRun({ name: 'sweep', gapMs: 60_000 });
  await ledger.noteWorkers(['groups']);
  await readLiveness(pools.worker);
  const everything = { tenantId: named(names, 'tenant'), xid: '0', since: named(names, 'now') };
  await feedsWithNews(pools.api, [everything]);
  await ledger.dropOldDeliveries(7);
  await ledger.raiseUnanswered(10);
  await readBacklog(pools.worker);
  await acknowledgeAttention(pools.owner, { transferId: named(names, 'paid'), actor, why: 'seen' });
  await ledger.forgetOrphans(10);
  await endings(pools, names);
}

const actor = 'olga';
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
  const euros = { id: named(names, 'euros'), tenantId, currency: 'EUR', actor };
  await openFundingAccount(api, euros);
  await openFundingAccount(api, { ...euros, currency: 'USD' });
  const id = named(names, 'apiKey');
  const secret = 'qk_story';
  const limits = { scopes: ['transfers:write'], rateLimit: 7, expiresAt: named(names, 'tomorrow') };
  await createApiKey(api, {
    id,
    tenantId,
    name: 'shop',
    secret,
    ...unrestricted,
    ...limits,
    actor,
    idempotencyKey: null,
  });
  const successor = { oldId: id, id: named(names, 'successor'), tenantId, secret: 'qk_successor', expiresAt: null };
  await rotateApiKey(api, { ...successor, overlapMs: 3_600_000, actor, idempotencyKey: null });
  await noteApiKeysUsed(api, [id]);
  await endApiKey(api, { id: successor.id, tenantId, at: null, actor });
  await disableTenant(owner, { id: tenantId, isDisabled: true, actor });
  await disableTenant(owner, { id: tenantId, isDisabled: false, actor });
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

/** What would become of one that is sent. */
const previewing = ({ api }: StoryPools, names: Names) =>
  previewTransfer(api, request(names, 'previewed', bank(names)));

/** A dated transfer that is withdrawn in time. */
async function cancelling({ api }: StoryPools, ledger: Ledger, names: Names): Promise<void> {
  const executeAt = named(names, 'tomorrow');
  await ledger.reserve(named(names, 'groupOne'), request(names, 'dated', { ...bank(names), executeAt }));
  const idempotencyKey = { key: 'cancel-dated', fingerprint: 'f'.repeat(64) };
  const command = {
    id: named(names, 'dated'),
    tenantId: named(names, 'tenant'),
    idempotencyKey,
    actor,
    reason: 'seen',
  };
  await cancel(api, [command], async () => {});
}

/** A book transfer that is undone. */
async function reversing({ api }: StoryPools, ledger: Ledger, names: Names): Promise<void> {
  await ledger.reserve(named(names, 'groupOne'), request(names, 'undone'));
  const command = { id: named(names, 'undoing'), reversesId: named(names, 'undone'), key: 'undo', traceparent: null };
  const tenantId = named(names, 'tenant');
  await reverse(api, [{ ...command, tenantId, fingerprint: 'f'.repeat(64), actor, reason: 'seen' }], async () => {});
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

async function notices({ owner, worker, api }: StoryPools, names: Names): Promise<void> {
  const endpointId = named(names, 'endpoint');
  await dueNotices(worker, endpointId, 10);
  await overdueEndpoints(worker, -60_000, 10);
  const notice = { id: named(names, 'delivery'), endpointId, subjectId: named(names, 'book'), version: 1, tryN: 1 };
  await settleNotice(worker, { ...notice, outcome: 'delivered', status: 200, error: null, tookMs: 5, nextInMs: null });
  const deliveryId = named(names, 'delivery');
  await replayDelivery(owner, { deliveryId, actor });
  const tenantId = named(names, 'tenant');
  await replayOwnDelivery(api, { id: deliveryId, endpointId, tenantId, actor });
  await testEndpoint(api, { id: endpointId, tenantId, actor });
  const rotation = { id: endpointId, tenantId, secret: 'whsec_y', overlapMs: 1_000, actor, idempotencyKey: null };
  await rotateEndpointSecret(api, rotation);
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
