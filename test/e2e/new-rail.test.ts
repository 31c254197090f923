import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { check } from '../../domain/check.ts';
import { fromPublic } from '../../domain/ids.ts';
import { examine } from '../../ledger/verify/examine.ts';
import { truthPages } from '../../operator/truth.ts';
import { aKey, type Call, callOf } from '../support/harness/api.ts';
import { inTime } from '../support/harness/in-time.ts';
import { type ProcessPlatform, startProcesses } from '../support/harness/processes.ts';
import { compile, treeWithRail } from '../support/harness/tree-with-rail.ts';

/** A network is added with one folder and one row of the registry; everything else follows from them. */
const withinMs = inTime(120_000);

let tree: string;
let platform: ProcessPlatform;
let passed = false;

beforeAll(async () => {
  tree = await treeWithRail('telex');
  platform = await startProcesses({
    tree,
    // Its own role and queue carry it, and its own settings say where it is.
    env: (ports) => ({
      WORKER_ROLES: 'groups,rail:telex',
      RAIL_INSTANT_URL: 'http://127.0.0.1:9/nobody',
      RAIL_TELEX_URL: `http://127.0.0.1:${ports.simulator}/instant`,
      RAIL_TELEX_QUIET_PERIOD_MS: '2000',
    }),
  });
}, withinMs);
afterAll(() => platform?.end({ passed }), withinMs);

const call: Call = (path, more) => callOf(platform.apiUrl, platform.tenant.secret)(path, more);

test('it compiles', () => compile(tree), withinMs);

test('the API lists it and describes its body', async () => {
  expect((await call('/v1/rails')).body.data).toContainEqual(
    expect.objectContaining({
      name: 'telex',
      kind: 'message',
      destination: 'bank',
      destination_schemes: ['us_account'],
      status: 'up',
    }),
  );
  const { components } = (await call('/openapi.json')).body;
  expect(components.schemas.NewTransfer.oneOf).toContainEqual({ $ref: '#/components/schemas/NewTelexTransfer' });
});

test(
  'a transfer goes over it, to its own clearing account, and bank and books agree',
  async () => {
    const body = {
      rail: 'telex',
      amount: '1250',
      currency: 'USD',
      source: { account_id: platform.tenant.accounts[0] },
      destination: { bank: { routing_number: '021000021', account_number: '770000000', name: 'Grace Hopper' } },
    };
    const sent = await call('/v1/transfers', { body, key: aKey() });
    expect([sent.status, sent.body.rail]).toEqual([201, 'telex']);
    expect(await ended(sent.body.id)).toMatchObject({ status: 'completed', rail: 'telex' });

    const { rows } = await platform.pools.root.query(
      `select r.name as account, b.credit_posted::text as credit from ledger.attempt a
     join ledger.account r on r.id = a.clearing_account_id join ledger.balance b on b.account_id = r.id where a.transfer_id = $1`,
      [fromPublic('transfer', sent.body.id)],
    );
    expect(rows).toEqual([{ account: 'clearing:telex:out', credit: '1250' }]);
    const checks = await examine({ url: platform.database.reader, truth: truthPages(platform.truthUrl) });
    expect(checks.filter(({ breaches }) => breaches !== '0')).toEqual([]);
    passed = true;
  },
  withinMs,
);

async function ended(id: string): Promise<unknown> {
  for (const until = Date.now() + withinMs / 2; ; await sleep(100)) {
    const { body } = await call(`/v1/transfers/${id}`);
    if (body.next === null) return body;
    check(Date.now() < until, `the transfer still waits: ${JSON.stringify(body.next)}`);
  }
}
