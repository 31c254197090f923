import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { TransferRequest } from '../../domain/transfer.ts';
import { anAccount, createAccounts, toBank, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { dueRows, inAMinute } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { setBreaker, setPause } from '../../test/support/fixtures/rail.ts';
import { reserved } from '../../test/support/fixtures/sends.ts';

// Taking looks at a whole rail, so each test has a book of its own.
const { pools, ledger } = freshLedger({ per: 'test', mayViolate: ['overdue', 'sent', 'rows'] });
const accounts = freshAccounts({ pools, ledger });
const { dueBank, take } = dueRows({ pools, ledger, accounts });

const nextOf = async (id: string) =>
  (await pools.root.query('select next_what, waiting_for, carrier from ledger.transfer where id = $1', [id])).rows[0];
/** A customer with room for many transfers; their ids ascend as they are made. */
const aCustomer = (tenantId = accounts.tenantId) => anAccount(pools, { tenantId, overdraftLimit: '100000' });

describe('a row whose time has come', () => {
  test('is in the queue while its rail is down or paused, and is shown so', async () => {
    const dated = await dueBank();
    await setBreaker(pools, 'open');
    await take();
    expect(await nextOf(dated)).toEqual({ next_what: 'send_when_rail_recovers', waiting_for: 'rail', carrier: null });
    await setBreaker(pools, 'closed');
    await setPause(pools, 'olga');
    const later = await dueBank({ sourceAccountId: await aCustomer() });
    await take();
    expect(await nextOf(later)).toMatchObject({ next_what: 'send_when_rail_recovers', waiting_for: 'rail' });
    // What comes after it waits behind it.
    expect(await reserved(ledger, toBank(accounts))).toMatchObject({ event: { to: 'scheduled' } });
  });

  test('is not there before it: nothing is taken, and the next look is when it comes', async () => {
    const { id } = await reserved(ledger, toBank(accounts, { executeAt: inAMinute() }));
    expect(await take()).toMatchObject({ ids: [] });
    expect(await nextOf(id)).toMatchObject({ next_what: 'send_on_date', waiting_for: 'date' });
  });

  test('that was dispatched and not started belongs to nobody when its lease is over', async () => {
    const id = await dueBank();
    const lost = await take();
    await pools.root.query("update ledger.transfer set next_at = now() - interval '1 second' where id = $1", [id]);
    await setBreaker(pools, 'open');
    await take();
    expect(await nextOf(id)).toMatchObject({ next_what: 'send_when_rail_recovers', carrier: null });
    expect(await ledger.release({ id, carrier: lost.carrier })).toMatchObject({ state: 'elsewhere' });
  });
});

describe('while only rows of a busy account wait', () => {
  const busy = async () => {
    const first = await dueBank();
    const { carrier } = await take();
    await ledger.release({ id: first, carrier });
    await dueBank();
    return { first, carrier };
  };

  test('a look finds nothing, and the next one is not at once', async () => {
    await busy();
    const { ids, waitMs } = await take();
    expect(ids).toEqual([]);
    expect(waitMs).toBeGreaterThan(0);
  });

  test('nobody calls it late, however long its dispatcher takes nothing', async () => {
    const { first } = await busy();
    await take();
    await pools.root.query("update ledger.transfer set next_at = now() - interval '1 hour' where state = 'scheduled'");
    await pools.root.query("update ledger.rail set taken_at = now() - interval '1 hour'");
    const late = async () => (await ledger.overdue({ graceMs: 20_000, limit: 10 })).map(({ state }) => state);
    expect(await late()).not.toContain('scheduled');
    await ledger.conclude({ transferId: first, source: 'report', outcome: 'accepted', code: 'A', railReference: 'r' });
    expect(await late()).toContain('scheduled');
  });
});

test('accounts behind a front of one busy account are taken in turn, all of them', async () => {
  const first = await dueBank();
  await take();
  await setBreaker(pools, 'open');
  const others: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const sourceAccountId = await aCustomer();
    others.push((await reserved(ledger, toBank(accounts, { sourceAccountId }))).id);
  }
  await setBreaker(pools, 'closed');
  // Six hundred rows of the busy account stand before everybody else's.
  await withoutTriggers(pools.root, async (client) => {
    await client.query(
      `insert into ledger.transfer
       select (jsonb_populate_record(t, jsonb_build_object('id', '01000000-0000-7000-8000-' || lpad(n::text, 12, '0'), 'carrier', null,
         'idempotency_key', 'ahead ' || n, 'next_what', 'send_in_turn', 'waiting_for', 'rail'))).*
       from ledger.transfer t cross join generate_series(1, 600) n where t.id = $1`,
      [first],
    );
  });
  try {
    const taken = [await take({ limit: 2 }), await take({ limit: 2 }), await take({ limit: 2 })];
    expect(taken.flatMap(({ ids }) => ids).toSorted()).toEqual(others.toSorted());
  } finally {
    // They have no holds, so the auditor must not see them.
    await withoutTriggers(pools.root, async (client) => {
      await client.query("delete from ledger.transfer where idempotency_key like 'ahead %'");
    });
  }
});

test('every tenant and every bank probes in its turn, also beyond those that are remembered', async () => {
  const bank = (n: number): Partial<TransferRequest> => ({
    destinationBank: {
      ...{ scheme: 'us_account', accountNumber: '1', name: 'B' },
      routingNumber: String(n).padStart(9, '0'),
    },
  });
  const banks = 70;
  const sourceAccountId = await aCustomer();
  for (let n = 0; n < banks; n += 1) await dueBank({ ...bank(n), sourceAccountId });
  const others = await createAccounts(pools, ledger);
  await dueBank({}, others);
  const probed = new Set<string>();
  const tenants: string[] = [];
  for (let turn = 0; turn < 2 * banks + 2; turn += 1) {
    await setBreaker(pools, 'open', -1_000);
    const { ids } = await take({ carrier: randomUUID() });
    const { rows } = await pools.root.query(
      "select tenant_id, destination_bank ->> 'routingNumber' as bank from ledger.transfer where id = any ($1)",
      [ids],
    );
    tenants.push(rows[0].tenant_id);
    probed.add(`${rows[0].tenant_id}/${rows[0].bank}`);
    // The bank does not answer: the row waits for the rail again.
    await pools.root.query(
      "update ledger.transfer set carrier = null, next_what = 'send_when_rail_recovers', waiting_for = 'rail', state_since = now() where id = any ($1)",
      [ids],
    );
  }
  expect(probed.size).toBe(banks + 1);
  expect(tenants.filter((tenant) => tenant === others.tenantId)).toHaveLength(banks + 1);
});
