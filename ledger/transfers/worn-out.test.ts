import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { toBank } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { setBreaker } from '../../test/support/fixtures/rail.ts';
import { aClaim, reserved, sent } from '../../test/support/fixtures/sends.ts';

// The sends that are added by hand were all granted in one moment, which no rail allows.
const { pools, ledger } = freshLedger({ mayViolate: ['sends', 'sent'] });
const accounts = freshAccounts({ pools, ledger });

const waitOf = async (id: string) => {
  const { rows } = await pools.root.query(
    'select round(extract(epoch from next_at - updated_at))::int as seconds, attention_reason from ledger.transfer where id = $1',
    [id],
  );
  return rows[0];
};

describe('a transfer that nobody sends', () => {
  /** A dispatcher takes it and it is put off again, so often, as where no worker serves its rail. */
  const rounds = async (id: string, times: number) => {
    for (let round = 0; round < times; round += 1) {
      const carrier = randomUUID();
      await pools.root.query('update ledger.transfer set next_at = now() where id = $1', [id]);
      await ledger.takeDue({ rail: 'instant', carrier, limit: 500, leaseMs: 1_000 });
      await ledger.release({ id, carrier });
      await ledger.conclude({ transferId: id, source: 'carrier', outcome: 'put_off', carrier });
    }
  };

  test.each([
    [1, 2, null],
    [4, 16, null],
    [9, 300, null],
    [10, 300, 'not_sent_many_times'],
  ])('after %i rounds it waits %i s, attention %s', async (times, seconds, attention) => {
    const { id, groupId: carrier } = await reserved(ledger, toBank(accounts));
    await ledger.conclude({ transferId: id, source: 'carrier', outcome: 'put_off', carrier });
    await rounds(id, times);
    expect(await waitOf(id)).toEqual({ seconds, attention_reason: attention });
    if (attention === null) return;
    await ledger.conclude({ transferId: id, source: 'report', outcome: 'accepted', code: 'ACSC', railReference: 'r' });
    expect(await waitOf(id)).toMatchObject({ attention_reason: null });
  });
});

describe('a transfer that a bank never takes', () => {
  /** As if it had been sent so often before, and never taken. */
  const sentBefore = (id: string, times: number) =>
    pools.root.query(
      `insert into ledger.send (transfer_id, attempt_n, n, tenant_id, sender, granted_at, lease_until, outcome, answered_at)
       select $1, 1, n, $2, gen_random_uuid(), now(), now(), 'not_taken', now() from generate_series(2, $3::int) n`,
      [id, accounts.tenantId, times],
    );
  test.each([
    [1, 2, null],
    [4, 16, null],
    [19, 300, null],
    [20, 300, 'not_taken_many_times'],
  ])('after %i sends it waits %i s, attention %s', async (times, seconds, attention) => {
    const { transferId, sendN } = await sent(ledger, accounts);
    await sentBefore(transferId, times);
    await ledger.conclude({ transferId, source: 'reply', outcome: 'not_taken', sendN, code: 'http_503' });
    expect(await waitOf(transferId)).toEqual({ seconds, attention_reason: attention });
  });

  test('its thousandth send is its last, and harms nobody who is claimed beside it', async () => {
    const worn = await reserved(ledger, toBank(accounts));
    const fresh = await reserved(ledger, toBank(accounts));
    await sentBefore(worn.id, 1_000);
    await pools.root.query('update ledger.transfer set carrier = $1 where id = any($2)', [
      worn.groupId,
      [worn.id, fresh.id],
    ]);
    const grants = await Promise.all(
      [worn.id, fresh.id].map((id) => ledger.claim(aClaim({ id, carrier: worn.groupId }))),
    );
    expect(grants).toMatchObject([
      { id: worn.id, granted: false, why: 'sends_exhausted' },
      { id: fresh.id, granted: true },
    ]);
  });

  test('after its last send it waits for a person, looked at daily, and takes nobody the turn of a probe', async () => {
    const { id: transferId, groupId: carrier } = await reserved(ledger, toBank(accounts));
    await sentBefore(transferId, 1_000);
    await ledger.conclude({ transferId, source: 'carrier', outcome: 'put_off', carrier });
    const { rows } = await pools.root.query('select state, waiting_for from ledger.transfer where id = $1', [
      transferId,
    ]);
    expect(rows).toEqual([{ state: 'scheduled', waiting_for: 'person' }]);
    expect(await waitOf(transferId)).toEqual({ seconds: 86_400, attention_reason: 'not_taken_many_times' });
    await pools.root.query('update ledger.transfer set next_at = now() where id = $1', [transferId]);
    const take = () => ledger.takeDue({ rail: 'instant', carrier: randomUUID(), limit: 500, leaseMs: 1_000 });
    await setBreaker(pools, 'open', -1_000);
    expect((await take()).ids).not.toContain(transferId);
    await setBreaker(pools, 'closed');
    expect((await take()).ids).toContain(transferId);
  });
});
