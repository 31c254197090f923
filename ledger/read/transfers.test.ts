import { describe, expect, test } from '@jest/globals';
import type { TransferRequest } from '../../domain/transfer.ts';
import { createReader } from '../../drizzle/client.ts';
import { toBank, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { inAMinute } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { setBreaker, setPause } from '../../test/support/fixtures/rail.ts';
import { reserved } from '../../test/support/fixtures/sends.ts';
import { listTransfers, readTransfer, readTransferByKey } from './transfers.ts';

// A rail has one breaker, so each test has a book of its own.
const { pools, ledger } = freshLedger({ per: 'test', mayViolate: ['deadlines'] });
const accounts = freshAccounts({ pools, ledger });

const anHourMs = 3_600_000;
const time = async (sql: string, parameters: unknown[] = []): Promise<Date> =>
  (await pools.root.query<{ at: Date }>(sql, parameters)).rows[0]?.at ?? new Date(0);
const probe = () => time("select probe_at as at from ledger.rail where name = 'instant'");
const ownTime = ({ id }: TransferRequest) => time('select next_at as at from ledger.transfer where id = $1', [id]);

/** Expects that every way of reading a transfer tells this time for what happens next. */
const expectNextAt = async ({ id, tenantId, key }: TransferRequest, at: Date): Promise<void> => {
  const reader = createReader(pools.api);
  const list = await listTransfers(reader, tenantId, { filter: {}, page: { limit: 100, after: null } });
  const rows = {
    byId: await readTransfer(reader, tenantId, id),
    byKey: await readTransferByKey(reader, tenantId, key),
    listed: list.rows.find((row) => row.id === id),
  };
  for (const [way, row] of Object.entries(rows)) {
    // Postgres has microseconds, which each side cuts off in its own way.
    const isSame = Math.abs(Number(row?.nextAt) - at.getTime()) <= 2;
    expect([way, isSame ? at : row?.nextAt]).toEqual([way, at]);
  }
};

describe('the next time of a transfer that waits for its rail', () => {
  test.each([
    ['open', async () => {}],
    ['open, and the rail is paused', () => setPause(pools, 'olga')],
  ])('is the next probe while the breaker is %s: it moves, and the row does not', async (_, change) => {
    await setBreaker(pools, 'open');
    await change();
    const request = toBank(accounts);
    expect(await reserved(ledger, request)).toMatchObject({ event: { evidence: { next: { waiting_for: 'rail' } } } });
    await expectNextAt(request, await probe());
    const before = await ownTime(request);
    await setBreaker(pools, 'open', anHourMs);
    expect(await ownTime(request)).toEqual(before);
    await expectNextAt(request, await probe());
    expect((await probe()).getTime()).toBeGreaterThan(before.getTime());
  });

  test('is its own when that is later than the probe', async () => {
    const request = toBank(accounts);
    const { id, groupId } = await reserved(ledger, request);
    await setBreaker(pools, 'open');
    const putOff = { transferId: id, source: 'carrier', outcome: 'put_off', carrier: groupId } as const;
    expect(await ledger.conclude({ ...putOff, code: 'no_worker', retryAfterMs: anHourMs })).toMatchObject({
      nextWhat: 'send_when_rail_recovers',
    });
    expect((await ownTime(request)).getTime()).toBeGreaterThan((await probe()).getTime());
    await expectNextAt(request, await ownTime(request));
  });

  test('is the next probe too when it waits its turn behind another', async () => {
    const [first, second] = [toBank(accounts), toBank(accounts)];
    await setBreaker(pools, 'open');
    await reserved(ledger, first);
    await setBreaker(pools, 'closed');
    expect(await reserved(ledger, second)).toMatchObject({ event: { evidence: { next: { what: 'send_in_turn' } } } });
    await setBreaker(pools, 'open', anHourMs);
    await expectNextAt(second, await probe());
  });

  test('is its own once the breaker is closed', async () => {
    await setBreaker(pools, 'open', anHourMs);
    const request = toBank(accounts);
    await reserved(ledger, request);
    await setBreaker(pools, 'closed');
    await expectNextAt(request, await ownTime(request));
  });
});

test.each<[waits: string, fields: () => Partial<TransferRequest>]>([
  ['the worker', () => ({})],
  ['its date', () => ({ executeAt: inAMinute() })],
])('the next time of a transfer that waits for %s is its own, however late the next probe is', async (_, fields) => {
  const request = toBank(accounts, fields());
  await reserved(ledger, request);
  await setBreaker(pools, 'open', anHourMs);
  await expectNextAt(request, await ownTime(request));
});

describe('a page with filters that no index has together', () => {
  /** A thousand and more declined transfers of Ada, made newest last; the first one has a reference. */
  const declinedOnes = async (count: number): Promise<string> => {
    const first = toBank(accounts, { amount: '99999999', reference: 'rare' });
    await reserved(ledger, first);
    await withoutTriggers(pools.root, async (client) => {
      await client.query(
        `insert into ledger.transfer
         select (jsonb_populate_record(t, jsonb_build_object('id', ledger.uuid_v7(at), 'created_at', at, 'idempotency_key', 'copy ' || n, 'reference', null))).*
         from ledger.transfer t cross join generate_series(1, $2::int) n cross join lateral (select t.created_at + n * interval '1 second' as at) x
         where t.id = $1`,
        [first.id, count],
      );
    });
    return first.id;
  };
  const forgetCopies = () =>
    withoutTriggers(pools.root, async (client) => {
      await client.query("delete from ledger.transfer where idempotency_key like 'copy %'");
    });

  test('ends after a thousand rows and goes on behind them: nothing is left out', async () => {
    const rare = await declinedOnes(2_500);
    try {
      const reader = createReader(pools.api);
      const filter = { account_id: accounts.ada, status: ['declined'], attention: true } as const;
      await pools.root.query(
        "update ledger.transfer set attention_reason = 'contradicted', attention_since = now() where id = $1",
        [rare],
      );
      const pages: number[] = [];
      const found: string[] = [];
      let after: Parameters<typeof listTransfers>[2]['page']['after'] = null;
      do {
        const page = await listTransfers(reader, accounts.tenantId, { filter, page: { limit: 10, after } });
        pages.push(page.rows.length);
        found.push(...page.rows.map(({ id }) => id));
        after = page.next;
      } while (after !== null);
      expect({ pages, found }).toEqual({ pages: [0, 0, 1], found: [rare] });
    } finally {
      await forgetCopies();
    }
  });
});
