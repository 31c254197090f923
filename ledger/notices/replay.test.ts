import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { anEndpoint, aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { changeEndpoint } from './change-webhook-endpoint.ts';
import { createEndpoint } from './create-webhook-endpoint.ts';
import { deleteEndpoint } from './delete-webhook-endpoint.ts';
import { dueNotices } from './due.ts';
import { replayDelivery } from './replay-delivery.ts';
import { replayGivenUp } from './replay-given-up.ts';
import { settleNotice } from './settle.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
const actor = 'olga';
let endpointId: string;

beforeEach(async () => {
  const endpoint = anEndpoint(accounts);
  endpointId = endpoint.id;
  await createEndpoint(pools.api, endpoint);
});

/** One try for every notice that is due, each with that outcome. Answers the ids of the deliveries. */
async function settleAll(outcome: 'delivered' | 'given_up'): Promise<string[]> {
  const { notices } = await dueNotices(pools.worker, endpointId, 500);
  const rest = { status: 500, error: null, tookMs: 12, nextInMs: null };
  const ids: string[] = [];
  for (const { transferId, version, tries } of notices) {
    const id = uuidV7();
    await settleNotice(pools.worker, { id, endpointId, transferId, version, tryN: tries + 1, outcome, ...rest });
    ids.push(id);
  }
  return ids;
}

const transfers = async (n: number): Promise<void> => {
  for (let i = 0; i < n; i += 1) await ledger.reserve(randomUUID(), aTransfer(accounts));
};
const dueTries = async (): Promise<number[]> =>
  (await dueNotices(pools.worker, endpointId, 500)).notices.map(({ tries }) => tries);
const audited = async (): Promise<object[]> => {
  const sql = "select actor, detail from ledger.audit where action = 'notice.replayed' and subject = $1 order by id";
  return (await pools.root.query(sql, [endpointId])).rows;
};

test.each(['delivered', 'given_up'] as const)('a delivery that was %s is due again, once', async (outcome) => {
  await transfers(1);
  const [deliveryId = ''] = await settleAll(outcome);
  expect(await dueTries()).toEqual([]);
  expect(await replayDelivery(pools.root, { deliveryId, actor })).toEqual({ replayed: 1, endpointStatus: 'enabled' });
  expect(await replayDelivery(pools.root, { deliveryId, actor })).toEqual({ replayed: 0, endpointStatus: 'enabled' });
  expect(await dueTries()).toEqual([0]);
  expect(await audited()).toMatchObject([{ actor, detail: { delivery_id: deliveryId } }]);
});

test('what was given up of an endpoint is due again, a bounded number at a time, and what was delivered is not', async () => {
  await transfers(2);
  await settleAll('delivered');
  await transfers(3);
  await settleAll('given_up');
  const replay = (limit: number) => replayGivenUp(pools.root, { endpointId, limit, actor });
  expect(await replay(2)).toEqual({ replayed: 2, endpointStatus: 'enabled' });
  expect(await replay(2)).toEqual({ replayed: 1, endpointStatus: 'enabled' });
  expect(await replay(2)).toEqual({ replayed: 0, endpointStatus: 'enabled' });
  expect(await dueTries()).toEqual([0, 0, 0]);
  await settleAll('delivered');
  expect(await replay(10)).toMatchObject({ replayed: 0 });
  expect(await audited()).toMatchObject([{ detail: { given_up: 2 } }, { detail: { given_up: 1 } }]);
});

test('of a disabled endpoint too: the rows wait until it is enabled', async () => {
  await transfers(1);
  await settleAll('given_up');
  const { tenantId } = accounts;
  const change = { id: endpointId, tenantId, url: null, description: null, reason: 'down', actor };
  await changeEndpoint(pools.worker, { ...change, status: 'disabled' });
  expect(await replayGivenUp(pools.root, { endpointId, limit: 10, actor })).toEqual({
    replayed: 1,
    endpointStatus: 'disabled',
  });
});

test('nothing of what is nowhere, or of an endpoint that was deleted', async () => {
  expect(await replayDelivery(pools.root, { deliveryId: randomUUID(), actor })).toBeNull();
  expect(await replayGivenUp(pools.root, { endpointId: randomUUID(), limit: 1, actor })).toBeNull();
  await transfers(1);
  const [deliveryId = ''] = await settleAll('given_up');
  await deleteEndpoint(pools.api, { id: endpointId, tenantId: accounts.tenantId, actor });
  expect(await replayDelivery(pools.root, { deliveryId, actor })).toBeNull();
});
