import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { anEndpoint, aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { createEndpoint } from './create-webhook-endpoint.ts';
import { deleteEndpoint } from './delete-webhook-endpoint.ts';
import { dueNotices } from './due.ts';
import { replayDelivery } from './replay-delivery.ts';
import { restartNotices } from './restart.ts';
import { resumeEndpoint } from './resume.ts';
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
  for (const { subjectId, version, tries } of notices) {
    const id = uuidV7();
    await settleNotice(pools.worker, { id, endpointId, subjectId, version, tryN: tries + 1, outcome, ...rest });
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

test('a delivery is due again, once', async () => {
  await transfers(1);
  const [deliveryId = ''] = await settleAll('delivered');
  expect(await dueTries()).toEqual([]);
  expect(await replayDelivery(pools.root, { deliveryId, actor })).toEqual({
    isReplayed: true,
    endpointStatus: 'enabled',
  });
  expect(await replayDelivery(pools.root, { deliveryId, actor })).toEqual({
    isReplayed: false,
    endpointStatus: 'enabled',
  });
  expect(await dueTries()).toEqual([0]);
  expect(await audited()).toMatchObject([{ actor, detail: { delivery_id: deliveryId } }]);
});

test('what was given up is kept, and starts over when an operator resumes the endpoint, in slices', async () => {
  await transfers(3);
  await settleAll('given_up');
  expect(await dueTries()).toEqual([1, 1, 1]);
  expect(await resumeEndpoint(pools.root, { endpointId, actor })).toBe('enabled');
  expect(await restartNotices(pools.worker, endpointId, 2)).toBe(true);
  expect((await dueTries()).sort()).toEqual([0, 0, 1]);
  expect(await restartNotices(pools.worker, endpointId, 2)).toBe(true);
  expect(await restartNotices(pools.worker, endpointId, 2)).toBe(false);
  expect(await dueTries()).toEqual([0, 0, 0]);
});

test('nothing of what is nowhere, or of an endpoint that was deleted', async () => {
  expect(await replayDelivery(pools.root, { deliveryId: randomUUID(), actor })).toBeNull();
  expect(await resumeEndpoint(pools.root, { endpointId: randomUUID(), actor })).toBeNull();
  await transfers(1);
  const [deliveryId = ''] = await settleAll('delivered');
  await deleteEndpoint(pools.api, { id: endpointId, tenantId: accounts.tenantId, actor });
  expect(await replayDelivery(pools.root, { deliveryId, actor })).toBeNull();
});
