import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as uuidV7 } from 'uuid';
import { accountKinds } from '../domain/account.ts';
import { bankOf, schemeNames, schemes } from '../domain/destination.ts';
import { millisecondsOf, toRailKey } from '../domain/ids.ts';
import { attentionReasons, nextSteps, waiters } from '../domain/next-step.ts';
import { ledgerRefusals } from '../domain/refusals.ts';
import { transferStates, transitions } from '../domain/transfer.ts';
import { railNames } from '../rails/index.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';

/** What is said in two places: in the domain, and in the database that does not trust it. */
const { pools } = freshLedger();

const values = async (sql: string, parameters: unknown[] = []): Promise<string[]> => {
  const { rows } = await pools.reader.query<{ value: string }>(sql, parameters);
  return rows.map(({ value }) => value);
};

test('the state table', async () => {
  const there = await values("select from_state || ' ' || cause || ' ' || to_state as value from ledger.transition");
  expect(there.sort()).toEqual(transitions.map(({ from, cause, to }) => `${from ?? ''} ${cause} ${to}`).sort());
});

test('every state of the table is a state', async () => {
  const there = await values(
    'select to_state as value from ledger.transition union select from_state from ledger.transition',
  );
  expect(there.filter((state) => state !== '').sort()).toEqual([...transferStates].sort());
});

test('the rails', async () => {
  expect((await values('select name as value from ledger.rail')).sort()).toEqual([...railNames].sort());
});

test('the kinds of account', async () => {
  const [definition = ''] = await values(
    "select pg_get_constraintdef(oid) as value from pg_constraint where conrelid = 'ledger.account'::regclass and pg_get_constraintdef(oid) like '%kind = ANY%funding%'",
  );
  const there = [...definition.matchAll(/'(\w+)'::text/g)].map(([, kind]) => kind);
  expect(there.sort()).toEqual(Object.keys(accountKinds).sort());
});

test.each([
  ['what a transfer does next', 'transfer_next_what_check', nextSteps],
  ['what it waits for', 'transfer_waiting_for_check', waiters],
  ['why a person should look', 'transfer_attention_reason_check', attentionReasons],
])('%s', async (_, constraint, words) => {
  const [definition = ''] = await values(
    "select pg_get_constraintdef(oid) as value from pg_constraint where conrelid = 'ledger.transfer'::regclass and conname = $1",
    [constraint],
  );
  const there = [...definition.matchAll(/'(\w+)'::text/g)].map(([, word]) => word);
  expect(there.sort()).toEqual(Object.keys(words).sort());
});

test('the refusals that the ledger may give a transfer, in the same order', async () => {
  const [body = ''] = await values("select pg_get_functiondef('ledger.refusal_of'::regproc) as value");
  const codes = [...body.matchAll(/THEN '(\w+)'/g)].map(([, code]) => code);
  expect([...new Set(codes)]).toEqual([...ledgerRefusals]);
});

test('the bank of an account, of every scheme', async () => {
  const examples = schemeNames.map((scheme) => schemes[scheme].example);
  const there = await values(
    'select ledger.bank_of(account) as value from jsonb_array_elements($1::jsonb) with ordinality x(account, o) order by o',
    [JSON.stringify(examples)],
  );
  expect(there).toEqual(examples.map(bankOf));
});

test('the number of an account at its bank, of every scheme', async () => {
  const examples = schemeNames.map((scheme) => schemes[scheme].example);
  const there = await values(
    'select ledger.account_number_of(account) as value from jsonb_array_elements($1::jsonb) with ordinality x(account, o) order by o',
    [JSON.stringify(examples)],
  );
  for (const [i, example] of examples.entries()) {
    const { scheme: _, ...members } = example;
    expect(Object.values(members)).toContain(there[i]);
  }
});

test('the rail key of an attempt', async () => {
  const attempts = fc.sample(fc.tuple(fc.uuid(), fc.integer({ min: 1, max: 32 })), 200);
  const there = await values(
    'select ledger.rail_key(id, n) as value from unnest($1::uuid[], $2::int[]) with ordinality x(id, n, o) order by o',
    [attempts.map(([id]) => id), attempts.map(([, n]) => n)],
  );
  expect(there).toEqual(attempts.map(([id, n]) => toRailKey(id, n)));
});

test('the instant inside an id, and ids made by the database', async () => {
  const id = uuidV7();
  const [ms] = await values('select round(extract(epoch from ledger.uuid_time($1)) * 1000)::text as value', [id]);
  expect(Number(ms)).toBe(millisecondsOf(id));
  const at = '2031-05-06T07:08:09.012Z';
  const [made = ''] = await values('select ledger.uuid_v7($1)::text as value', [at]);
  expect(new Date(millisecondsOf(made)).toISOString()).toBe(at);
  expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
