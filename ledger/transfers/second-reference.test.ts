import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { balanceOf } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { aReply, reportsOn } from '../../test/support/fixtures/reports.ts';
import { conclude } from './conclude.ts';

// A bank whose deduplication failed takes the money of one key twice: it is the only one that knows, and says so by a second
// reference. Aged sends make rows late, and one is reversed by nothing: only transfers of the book can be.
const { pools, ledger } = freshLedger({ mayViolate: ['overdue', 'reversals'] });
const accounts = freshAccounts({ pools, ledger });
const { reply, inquiry, row, submitting, twoSends, unknown, scheduled } = reportsOn({ pools, ledger, accounts });

const kept = async (transferId: string) => {
  const { rows } = await pools.reader.query(
    `select outcome, rail_reference as reference, send_n as "sendN", entry_id is not null as "hasEntry"
     from ledger.contradiction where transfer_id = $1 order by rail_reference`,
    [transferId],
  );
  return rows;
};
const referencesOfSends = async (transferId: string) => {
  const { rows } = await pools.reader.query<{ rail_reference: string | null }>(
    'select rail_reference from ledger.send where transfer_id = $1 order by n',
    [transferId],
  );
  return rows.map((send) => send.rail_reference);
};
const suspense = async () => (await balanceOf(pools, accounts.suspense)).posted;
const clearing = async () => (await balanceOf(pools, accounts.clearing)).posted;

test('the late reply to the first of two sends names another reference: the bank took it twice', async () => {
  const second = await twoSends();
  const { transferId } = second;
  const [a, b] = [`${transferId}-a`, `${transferId}-b`];
  expect(await reply(second, { outcome: 'accepted', railReference: b })).toMatchObject({ state: 'completed' });
  const raised: unknown[] = [];
  const first = aReply({ ...second, sendN: 1 }, { outcome: 'accepted', railReference: a });
  const [late] = await conclude(pools.worker, [first], async ({ attentions }) => void raised.push(...attentions));
  expect(late).toMatchObject({ cause: 'contradicted', state: 'completed', attention: 'contradicted' });
  expect(raised).toEqual([{ transferId, reason: 'contradicted' }]);
  expect(await referencesOfSends(transferId)).toEqual([a, b]);
  expect(await kept(transferId)).toEqual([{ outcome: 'accepted', reference: a, sendN: 1, hasEntry: true }]);
  // The customer paid once; the bank claims it twice.
  expect((await balanceOf(pools, accounts.ada)).posted).toBe(9_900n);
  expect([await suspense(), await clearing()]).toEqual([-100n, 200n]);
});

describe('each reference counts once, in every end', () => {
  const ends = {
    completed: async () => {
      const send = await submitting();
      await reply(send, { outcome: 'accepted' });
      return send;
    },
    rejected: async () => {
      const send = await submitting();
      await reply(send, { outcome: 'rejected', decisive: true });
      return send;
    },
  };

  test.each(['completed', 'rejected'] as const)('%s', async (state) => {
    const send = await ends[state]();
    const { transferId } = send;
    for (const n of [1, 2]) {
      const answer = { outcome: 'accepted', railReference: `${transferId}-${n}` } as const;
      expect(await inquiry(send, answer)).toMatchObject({ cause: 'contradicted', state });
      // The same report again, from any source, changes nothing.
      for (const again of [inquiry, reply]) expect(await again(send, answer)).toMatchObject({ cause: null, state });
      expect(await suspense()).toBe(-100n * BigInt(n));
    }
    expect(await kept(transferId)).toHaveLength(2);
    expect((await row(send)).attention_reason).toBe('contradicted');
  });

  test('reversed', async () => {
    const send = await ends.completed();
    await pools.root.query(
      `with batch as (insert into ledger.batch (created_at, commands, entries)
        select updated_at, 1, 0 from ledger.transfer where id = $1 returning id, created_at
      ), event as (insert into ledger.event (id, tenant_id, subject_type, subject_id, version, from_state, cause, to_state, batch_id, created_at)
        select ledger.uuid_v7(b.created_at), t.tenant_id, 'transfer', t.id, t.version + 1, 'completed', 'reversed', 'reversed', b.id, b.created_at
        from ledger.transfer t, batch b where t.id = $1
      ) update ledger.transfer set state = 'reversed', cause = 'reversed', version = version + 1, reversed_by_id = $2 where id = $1`,
      [send.transferId, randomUUID()],
    );
    expect(await inquiry(send, { outcome: 'accepted', railReference: `${send.transferId}-b` })).toMatchObject({
      cause: 'contradicted',
      state: 'reversed',
    });
    expect(await suspense()).toBe(-100n);
  });

  test('an acceptance that is contradicted both ways keeps both', async () => {
    const send = await ends.completed();
    const other = `${send.transferId}-b`;
    expect(await inquiry(send, { outcome: 'accepted', railReference: other })).toMatchObject({ cause: 'contradicted' });
    const refused = { outcome: 'rejected', code: 'AC03', decisive: true } as const;
    expect(await inquiry(send, refused)).toMatchObject({ cause: 'contradicted', state: 'completed' });
    expect(await inquiry(send, refused)).toMatchObject({ cause: null });
    expect((await kept(send.transferId)).map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'rejected']);
    expect(await suspense()).toBe(-100n);
  });

  test('eight racing replies with a second reference post it once', async () => {
    const send = await ends.completed();
    const answer = aReply(send, { outcome: 'accepted', railReference: `${send.transferId}-b` });
    const all = await Promise.all(Array.from({ length: 8 }, () => conclude(pools.worker, [answer], async () => {})));
    expect(all.flat().filter(({ cause }) => cause === 'contradicted')).toHaveLength(1);
    expect(await suspense()).toBe(-100n);
  });
});

test.each([
  ['submitting', submitting],
  ['unknown', unknown],
  ['scheduled', scheduled],
] as const)('one that is accepted while %s keeps its reference on the attempt', async (_, begin) => {
  const send = await begin();
  await inquiry(send, { outcome: 'accepted' });
  expect(await inquiry(send, { outcome: 'accepted' })).toMatchObject({ cause: null, state: 'completed' });
  expect(await kept(send.transferId)).toEqual([]);
});

test('a rejection of one send under a reference of its own contradicts nothing when the other send is accepted', async () => {
  const second = await twoSends();
  await reply(second, { outcome: 'rejected', code: 'DUPL', railReference: `${second.transferId}-x` });
  expect(await reply({ ...second, sendN: 1 }, { outcome: 'accepted' })).toMatchObject({
    cause: 'accepted',
    state: 'completed',
  });
  expect(await referencesOfSends(second.transferId)).toEqual([second.transferId, `${second.transferId}-x`]);
  expect(await kept(second.transferId)).toEqual([]);
});
