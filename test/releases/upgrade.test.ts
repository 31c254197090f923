import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { toPublic } from '../../domain/ids.ts';
import { nextSteps } from '../../domain/next-step.ts';
import { migrate } from '../../drizzle/migrate.ts';
import { examine } from '../../ledger/verify/examine.ts';
import { truthPages } from '../../operator/truth.ts';
import { createRails } from '../../rails/index.ts';
import { type Pools, poolsOf } from '../support/fixtures/accounts.ts';
import { anApiKey } from '../support/fixtures/api-key.ts';
import { type FreshDatabase, unmigratedDatabase } from '../support/fixtures/database.ts';
import { aKey, callOf } from '../support/harness/api.ts';
import { type Bank, startBank } from '../support/harness/bank.ts';
import { inTime } from '../support/harness/in-time.ts';
import { breaches } from '../support/harness/invariants.ts';
import { type ProcessPlatform, startProcesses } from '../support/harness/processes.ts';
import { storyPools } from './calls.ts';
import type { Names } from './names.ts';
import {
  type OpenTransfer,
  openAmount,
  openNames,
  openTenantId,
  openTransfers,
  sourceOf,
  withoutRun,
} from './open-story.ts';
import { readOpenRecord, readRelease, releases, writeTree } from './release.ts';
import { replay } from './replay.ts';
import { transfersNow } from './transfers-now.ts';

/**
 * An upgrade with work in flight: the programs of a release are stopped in the middle of everything, the database is migrated, and the programs of this
 * tree go on with what they find. The old release is its SQL and the calls that its programs made; Temporal begins empty, as after a loss of its
 * data, so the rows alone must be enough. That old histories replay is shown by test/histories.
 */
const withinMs = inTime(420_000);
const settleMs = inTime(180_000);
const transferNames = Object.keys(openTransfers) as OpenTransfer[]; // Its own keys.
const balances = `select account_id, debit_posted, credit_posted, debit_held, credit_held from ledger.balance order by 1`;

test('what a release leaves open has a transfer at every next step', () => {
  const waits = releases.flatMap((version) => Object.values(readOpenRecord(version).transfers));
  const seen = new Set(waits.map((stands) => stands.split(' ')[1]));
  expect(Object.keys(nextSteps).filter((step) => !seen.has(step))).toEqual([]);
});

describe.each(releases)('after an upgrade from %s', (version) => {
  const record = readOpenRecord(version);
  let platform: ProcessPlatform | undefined;
  let bank: Bank | undefined;
  let receiver: Server | undefined;
  let passed = false;
  afterAll(async () => {
    await platform?.end({ passed });
    await bank?.end();
    receiver?.close();
  }, inTime(60_000));

  test(
    'every open transfer ends right, and so do holds, notices, statements and the archive',
    async () => {
      const notices: unknown[] = [];
      receiver = createServer((request, response) => {
        notices.push(request.headers['webhook-id']);
        request.resume();
        response.writeHead(204).end();
      }).listen(0, '127.0.0.1');
      await once(receiver, 'listening');
      const { port } = receiver.address() as AddressInfo; // A server that listens on TCP has one.
      const names = openNames(`http://127.0.0.1:${port}/receiver`);
      const database = await leftOpen(version, names);
      bank = await startBank();
      const root = poolsOf(database);
      try {
        expect(await transfersNow(root.root, names)).toEqual(record.transfers);
        await takenByBank(root, bank, names);
        const before = await rowsOf(root.root, balances);
        const segment = await rowsOf(root.root, 'select n, from_xid, to_xid from ledger.archive_segment');
        expect(segment).toHaveLength(1);

        await migrate({ url: database.url });
        expect(await rowsOf(root.root, balances)).toEqual(before);
        // A month is offered once in five minutes: the old programs were stopped for longer.
        await root.root.query("update ledger.statement_month set offered_at = '-infinity'");

        const { url } = bank;
        platform = await startProcesses({
          database,
          env: () => ({ RAIL_INSTANT_URL: `${url}/instant`, NOTICES_ALLOW_PRIVATE: 'true' }),
        });
        let left = await stillOpen(root.root, names);
        for (
          const endsAt = Date.now() + settleMs;
          Date.now() < endsAt && Object.keys(left).length > 0;
          await sleep(200)
        )
          left = await stillOpen(root.root, names);
        expect(left).toEqual({});

        expect(await transfersNow(root.root, names)).toMatchObject(
          Object.fromEntries(transferNames.map((name) => [name, 'completed'])),
        );
        expect(await rowsOf(root.root, 'select n, from_xid, to_xid from ledger.archive_segment where n = 1')).toEqual(
          segment,
        );
        expect(notices.length).toBeGreaterThan(transferNames.length);
        await clientsAgree(root, platform, names);
        await booksAgree(database.reader, root.reader, bank);
        passed = true;
      } finally {
        await root.end();
      }
    },
    withinMs,
  );

  /** A database as the programs of that release left it. */
  async function leftOpen(of: string, names: Names): Promise<FreshDatabase> {
    const database = await unmigratedDatabase();
    const tree = writeTree(readRelease(of));
    await migrate({ url: database.url, tree });
    rmSync(tree, { recursive: true });
    const pools = storyPools(database);
    const complaints = await replay(record.calls, pools, names);
    await pools.end();
    expect(complaints).toEqual([]);
    return database;
  }

  /** The client's side: a repeated request has the bytes of its first answer, a hold can be captured, each account moved once. */
  async function clientsAgree(pools: Pools, { apiUrl }: ProcessPlatform, names: Names): Promise<void> {
    const call = callOf(apiUrl, await anApiKey(pools, { tenantId: openTenantId }));
    for (const { transfer, key, body, answer } of record.requests) {
      const repeated = await call('/v1/transfers', { body, key });
      expect([transfer, repeated.status, withoutRun(repeated.text)]).toEqual([transfer, 201, answer]);
      expect([transfer, repeated.body.id]).toEqual([transfer, toPublic('transfer', names[transfer] ?? '')]);
    }
    const hold = toPublic('hold', names['hold'] ?? '');
    expect(await call(`/v1/holds/${hold}/captures`, { body: {}, key: aKey() })).toMatchObject({ status: 201 });
    // Nobody looked for longer than two minutes, so it expires five minutes after the new programs began; until then it is not captured, and its owner may release it.
    const expiring = toPublic('hold', names['expiring'] ?? '');
    expect(await call(`/v1/holds/${expiring}/captures`, { body: {}, key: aKey() })).toMatchObject({
      status: 409,
      body: { code: 'state_conflict', detail: expect.stringContaining('The time of the hold is over') },
    });
    const released = await call(`/v1/holds/${expiring}/release`, { body: {}, key: aKey() });
    expect(released.body).toMatchObject({ status: 'released' });
    for (const source of new Set(transferNames.map(sourceOf))) {
      const sent =
        transferNames.filter((name) => sourceOf(name) === source).length + (source === sourceOf('toSend') ? 1 : 0);
      const { body } = await call(`/v1/accounts/${toPublic('account', source)}/balance`);
      expect([source, body.posted, body.held]).toEqual([source, String(-sent * Number(openAmount)), '0']);
    }
  }
});

/** Of the transfers whose answers were lost, the bank has taken two. */
async function takenByBank({ root }: Pools, bank: Bank, names: Names): Promise<void> {
  const { instant } = createRails({ instant: { settings: { url: `${bank.url}/instant` }, terms: {} } });
  for (const name of ['leasedAndTaken', 'unknownAndTaken']) {
    const { rows } = await root.query<{ key: string; amount: string; currency: string; bank: never; at: Date }>(
      `select a.rail_key as key, t.amount::text as amount, t.currency, t.destination_bank as bank, a.created_at as at
       from ledger.attempt a join ledger.transfer t on t.id = a.transfer_id where t.id = $1`,
      [names[name]],
    );
    const [row] = rows;
    if (!row || !instant) throw new Error(`${name} has no attempt`);
    const attempt = {
      railKey: row.key,
      amount: row.amount,
      currency: row.currency,
      destination: row.bank,
      createdAt: row.at.toISOString(),
    };
    expect(await instant.submit(attempt, { timeoutMs: 10_000 })).toMatchObject({ outcome: 'accepted' });
  }
}

/** What was left open and is open still, but the hold that waits for its client: counts and states by their names, nothing of what is done. */
async function stillOpen(root: pg.Pool, names: Names): Promise<Record<string, unknown>> {
  const stands = await transfersNow(root, names);
  const [counts] = await rowsOf(
    root,
    `select (select count(*)::int from ledger.notice_due) as notices,
       (select count(*)::int from ledger.statement where ready_at is null) as statements,
       (select json_agg(status) from ledger.statement_month where closed_at is null) as months,
       (select count(*)::int from ledger.archive_segment where n = 1 and finished_at is null) as segments`,
  );
  const open = Object.entries(stands).filter(([, stand]) => /^(scheduled|submitting|unknown) /.test(stand));
  return Object.fromEntries([
    ...open,
    ...Object.entries(counts ?? {}).filter(([, count]) => count !== 0 && count !== null),
  ]);
}

async function booksAgree(url: string, reader: pg.Pool, bank: Bank): Promise<void> {
  const findings = await examine({ url, truth: truthPages(`${bank.url}/control/truth`) });
  expect(findings.filter(({ breaches: n }) => n !== '0')).toEqual([]);
  expect(await breaches(reader, await bank.truth())).toEqual([]);
}

const rowsOf = async (root: pg.Pool, sql: string): Promise<Record<string, unknown>[]> => (await root.query(sql)).rows;
