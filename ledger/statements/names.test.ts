import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import type { StatementFacts } from '../../domain/statement.ts';
import { buildDocument } from '../../statements/document.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { takeAll } from '../../test/support/fixtures/statements.ts';
import { statementPostings } from '../worker-reads/statement-postings.ts';
import { changeStatementPlan } from './change-plan.ts';
import { giveBackStatement } from './give-back.ts';
import { requestStatement } from './request.ts';

/** Which names are on a statement is decided by the commit that cuts it: every try makes the same document. */
const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });

const move = () => ledger.reserve(uuidV7(), aTransfer(accounts));
const actor = 'test';

async function take(): Promise<{ facts: StatementFacts; lease: string }> {
  const [taken] = await takeAll(pools, { tenantId: accounts.tenantId, month: null });
  if (!taken) throw new Error('nothing was taken');
  return taken;
}

/** Cuts a statement of Ada's account. */
async function cut(): Promise<void> {
  const request = { id: uuidV7(), tenantId: accounts.tenantId, accountId: accounts.ada, actor, idempotencyKey: null };
  await requestStatement(pools.api, request);
}

async function documentOf(facts: StatementFacts): Promise<{ sha256: string; names: (string | null)[] }> {
  const page = { tenantId: accounts.tenantId, statementId: facts.id, after: null, limit: 100 };
  const postings = await statementPostings(pools.worker, page);
  return { sha256: buildDocument(facts, postings).sha256, names: postings.map(({ counterparty }) => counterparty) };
}

const rename = (id: string, name: string) => ({
  text: 'select ledger.change_account($1)',
  values: [JSON.stringify({ id, tenant_id: accounts.tenantId, name, actor })],
});

test('a rename that was not committed when the statement was cut came after it, on every reading', async () => {
  await move();
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    await client.query(rename(accounts.grace, 'Grace Hopper'));
    await cut();
    const { facts } = await take();
    const first = await documentOf(facts);
    expect(first.names).toEqual(['Outside', 'Grace']);
    await client.query('commit');
    expect(await documentOf(facts)).toEqual(first);
    await pools.root.query(rename(accounts.grace, 'Rear Admiral Hopper'));
    expect(await documentOf(facts)).toEqual(first);
  } finally {
    client.release(true);
  }
  await move();
  await cut();
  const { facts } = await take();
  expect((await documentOf(facts)).names).toEqual(['Outside', 'Rear Admiral Hopper', 'Rear Admiral Hopper']);
});

test('a rename that was committed before the cut is on it, whatever else runs', async () => {
  await move();
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    await client.query('select pg_current_xact_id()');
    await pools.root.query(rename(accounts.grace, 'Grace Hopper'));
    await cut();
    const { facts } = await take();
    expect((await documentOf(facts)).names).toEqual(['Outside', 'Grace Hopper']);
  } finally {
    client.release(true);
  }
});

test('names, brand and language that change between two takes are not on it', async () => {
  const { tenantId } = accounts;
  await move();
  await cut();
  const first = await take();
  const document = await documentOf(first.facts);
  await giveBackStatement(pools.worker, { id: first.facts.id, lease: first.lease });
  for (const id of [accounts.ada, accounts.grace]) await pools.root.query(rename(id, 'Another'));
  await changeStatementPlan(pools.api, {
    ...{ tenantId, actor, zone: 'Europe/Warsaw', locale: 'pl-PL', keepYears: 9 },
    brand: { name: 'Another', address: ['Street 1'], inquiry: 'nobody', accent: '#000000' },
  });
  const second = await take();
  expect(second.lease).not.toBe(first.lease);
  expect(second).toEqual({ ...first, lease: second.lease });
  expect(await documentOf(second.facts)).toEqual(document);
});
