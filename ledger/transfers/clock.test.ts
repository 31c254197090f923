import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { aTransfer, createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { inAMinute } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reserved, sent } from '../../test/support/fixtures/sends.ts';
import { release } from './release.ts';

const { pools, ledger } = freshLedger({ mayViolate: ['sent'] });
const accounts = freshAccounts({ pools, ledger });
const anHourMs = 3_600_000;

/** As after a clock that ran an hour ahead and was set back: every account was last changed in an hour. */
const changedInAnHour = () =>
  pools.root.query("update ledger.balance set last_at = now() + interval '1 hour' where tenant_id = $1", [
    accounts.tenantId,
  ]);
const rowOf = async (id: string) =>
  (await pools.root.query('select state, created_at, next_at from ledger.transfer where id = $1', [id])).rows[0];
const inMs = (at: Date): number => at.getTime() - Date.now();

test('after a clock was set back, time goes on in the story of each account', async () => {
  await changedInAnHour();
  const { id } = await reserved(ledger, aTransfer(accounts));
  const { state, created_at: createdAt } = await rowOf(id);
  expect(state).toBe('completed');
  expect(inMs(createdAt)).toBeGreaterThan(anHourMs / 2);
});

test('after a clock was set back, a date is still a date, and what is due is due by the clock', async () => {
  await changedInAnHour();
  const executeAt = new Date(Date.now() + anHourMs / 2).toISOString();
  expect(await reserved(ledger, aTransfer(accounts, { executeAt }))).toMatchObject({ event: { to: 'scheduled' } });
  const { transferId, ...send } = await sent(ledger, accounts);
  expect(inMs((await rowOf(transferId)).next_at)).toBeLessThan(anHourMs / 4);
  await ledger.conclude({ transferId, ...send, source: 'reply', outcome: 'unknown', code: 'timeout' });
  expect(inMs((await rowOf(transferId)).next_at)).toBeLessThan(anHourMs / 4);
});

test('after a clock was set back, a dispatcher carries on, and a notice is due at once', async () => {
  const executeAt = inAMinute();
  const [book, bank] = [aTransfer(accounts, { executeAt }), toBank(accounts, { executeAt })];
  for (const request of [book, bank]) await ledger.reserve(randomUUID(), request);
  await pools.root.query("update ledger.transfer set next_at = now() where state = 'scheduled'");
  await changedInAnHour();
  const carrier = randomUUID();
  for (const rail of ['book', 'instant'] as const) await ledger.takeDue({ rail, carrier, limit: 500, leaseMs: 30_000 });
  expect(await ledger.release({ id: book.id, carrier })).toEqual({ id: book.id, state: 'completed' });
  expect(await ledger.release({ id: bank.id, carrier })).toEqual({ id: bank.id, state: 'submitting' });
  expect(inMs((await rowOf(bank.id)).next_at)).toBeLessThan(anHourMs / 4);
});

test('a story does not go back either when a step without money shared its commit with such an account', async () => {
  const others = await createAccounts(pools, ledger);
  const executeAt = inAMinute();
  const [ours, ahead] = [toBank(others, { executeAt }), toBank(accounts, { executeAt })];
  for (const request of [ours, ahead]) await ledger.reserve(randomUUID(), request);
  await pools.root.query("update ledger.transfer set next_at = now() where state = 'scheduled'");
  await changedInAnHour();
  const carrier = randomUUID();
  await ledger.takeDue({ rail: 'instant', carrier, limit: 500, leaseMs: 30_000 });
  const both = [ours, ahead].map(({ id }) => ({ id, carrier }));
  await release(pools.worker, both, async () => {});
  await ledger.conclude({ transferId: ours.id, source: 'carrier', outcome: 'put_off', carrier });
  await ledger.conclude({
    transferId: ours.id,
    source: 'report',
    outcome: 'accepted',
    code: 'ACSC',
    railReference: 'r',
  });
  const { rows } = await pools.root.query(
    'select cause, created_at < lag(created_at) over (order by version) as back from ledger.event where subject_id = $1 order by version',
    [ours.id],
  );
  expect(rows.map(({ cause, back }) => [cause, back])).toEqual([
    ['reserved_for_later', null],
    ['due', false],
    ['put_off', false],
    ['accepted', false],
  ]);
});
