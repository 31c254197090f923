import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toPublic, toRailKey } from '../domain/ids.ts';
import { toBank } from '../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../test/support/fixtures/ledger.ts';
import { reserved } from '../test/support/fixtures/sends.ts';
import { inTime } from '../test/support/harness/in-time.ts';

/** The commands after a restore, against a bank whose list says whatever a test wants. The whole of it is test/e2e/restore.test.ts. */
const { database, pools, ledger } = freshLedger({ mayViolate: ['rows'] });
const accounts = freshAccounts({ pools, ledger });
jest.setTimeout(inTime(300_000));

const since = new Date(Date.now() - 60_000).toISOString();
let taken: object[] = [];
let truth = '';
const bank = createServer((_, response) => response.end(JSON.stringify({ data: taken, next_cursor: null })));
beforeAll(async () => {
  await new Promise<void>((resolve) => void bank.listen(0, '127.0.0.1', resolve));
  bank.unref();
  truth = `http://127.0.0.1:${(bank.address() as AddressInfo).port}/control/truth`;
});

type Run = { code: number; out: string; err: string };

function restore(...args: string[]): Promise<Run> {
  const { PATH = '' } = process.env;
  const env = { PATH, DATABASE_URL: database.url };
  const main = join(import.meta.dirname, 'main.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'restore', ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err }),
    );
  });
}

const compared = (act: string, ...args: string[]): Promise<Run> =>
  restore(act, ...args, '--truth', truth, '--since', since);

/** What the bank says of a payment to where `toBank` pays; by default of one that nobody here knows. */
function aPayment({ railKey = toRailKey(uuidV7(), 1), amount = '100' }: { railKey?: string; amount?: string } = {}) {
  const destination = { routing_number: '021000021', account_number: '770000000' };
  return {
    rail_key: railKey,
    status: 'accepted',
    amount,
    currency: 'USD',
    destination,
    rail_reference: `SIM${railKey}`,
  };
}

const stateOf = async (id: string): Promise<unknown> =>
  (await pools.root.query<{ state: string }>('select state from ledger.transfer where id = $1', [id])).rows[0]?.state;

test('a bank that took nothing else is no finding; a time that is none is refused', async () => {
  taken = [];
  expect(await compared('check')).toMatchObject({ code: 0, out: expect.stringContaining('took nothing') });
  expect(await restore('check', '--truth', truth, '--since', 'yesterday')).toMatchObject({
    code: 1,
    err: expect.stringContaining('--since must be a time'),
  });
});

test('begin pauses every rail, and what comes then waits', async () => {
  expect(await restore('begin', 'restored to noon')).toMatchObject({
    code: 0,
    out: expect.stringContaining('instant is paused'),
  });
  const { id } = await reserved(ledger, toBank(accounts));
  expect(await stateOf(id)).toBe('scheduled');
});

test('an open transfer that the bank has decided is behind, and is concluded by its word without a send', async () => {
  const { id } = await reserved(ledger, toBank(accounts));
  taken = [aPayment({ railKey: toRailKey(id, 1) })];
  expect(await compared('check')).toMatchObject({
    code: 3,
    out: expect.stringContaining(`BEHIND   ${toPublic('transfer', id)}`),
  });
  expect(await compared('conclude')).toMatchObject({ code: 0 });
  expect(await stateOf(id)).toBe('completed');
  expect(await compared('check')).toMatchObject({ code: 0 });
});

test('a request that repeats an orphan is alike, is matched by both names, and is then no finding', async () => {
  const { id } = await reserved(ledger, toBank(accounts, { amount: '4242' }));
  const orphan = aPayment({ amount: '4242' });
  taken = [orphan];
  const { code, out } = await compared('check', '--json');
  expect([code, JSON.parse(out)]).toMatchObject([
    3,
    { orphans: [{ rail_key: orphan.rail_key }], look_alikes: [{ transfer: toPublic('transfer', id) }] },
  ]);
  const other = await compared('match', toPublic('transfer', uuidV7()), orphan.rail_key);
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining('no pair') });
  expect(await compared('match', toPublic('transfer', id), orphan.rail_key)).toMatchObject({ code: 0 });
  expect(await stateOf(id)).toBe('completed');
  expect(await compared('check')).toMatchObject({ code: 0 });
});

test('--all leaves pairs to a person of which one is like two others', async () => {
  const [one, other] = [
    await reserved(ledger, toBank(accounts, { amount: '777' })),
    await reserved(ledger, toBank(accounts, { amount: '777' })),
  ];
  taken = [aPayment({ amount: '777' })];
  expect(await compared('match', '--all')).toMatchObject({ code: 1, err: expect.stringContaining('no pair') });
  expect([await stateOf(one.id), await stateOf(other.id)]).not.toContain('completed');
});

test('an orphan with another amount or another account is alike to nothing', async () => {
  await reserved(ledger, toBank(accounts, { amount: '888' }));
  taken = [aPayment({ amount: '889' })];
  const { out } = await compared('check', '--json');
  expect(JSON.parse(out)).toMatchObject({ orphans: [{ amount: '889' }], look_alikes: [] });
});
