import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrationNames, writeTree } from '../../test/releases/release.ts';
import { catalogOf } from '../../test/support/catalog.ts';
import { type FreshDatabase, freshDatabase } from '../../test/support/fixtures/database.ts';
import { files, read } from '../../test/support/tree.ts';
import { migrate } from '../migrate.ts';

/** A small folder beside the real ones: a type, an inner function on it, and a verb that the worker calls. */
const plantedFiles = {
  'ledger/planted/figure.sql': `-- execute: nobody
create type ledger.figure as (amount bigint);`,
  'ledger/planted/double.sql': `-- execute: nobody
-- needs: ledger/planted/figure.sql
create or replace function ledger.double(p_figure ledger.figure) returns ledger.figure language sql immutable
  return row((p_figure).amount * 2)::ledger.figure;`,
  'ledger/planted/count.sql': `-- execute: quittance_worker
-- needs: ledger/planted/figure.sql, ledger/planted/double.sql
create or replace function ledger.count_up(p_amount bigint) returns bigint
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare v figure := row(p_amount)::figure;
begin return (double(v)).amount; end $$;`,
} as const;

let database: FreshDatabase;
let root: pg.Client;
let worker: pg.Client;
const trees: string[] = [];
beforeEach(async () => {
  database = await freshDatabase();
  root = new pg.Client({ connectionString: database.url });
  worker = new pg.Client({ connectionString: database.worker });
  await root.connect();
  await worker.connect();
});
afterEach(async () => {
  await root?.end();
  await worker?.end();
  await database?.drop();
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

const ours = Object.fromEntries(files(/^ledger\/.*\.sql$/).map((path) => [path, read(path)]));
/** Migrates to this tree with the planted files, of which some files are changed, or with null left out. */
async function plant(changes: Record<string, string | null> = {}, contracting = false) {
  const planted = Object.entries({ ...plantedFiles, ...changes }).filter(([, text]) => text !== null);
  const tree = writeTree({
    sources: { ...ours, ...(Object.fromEntries(planted) as Record<string, string>) },
    migrations: migrationNames(),
  });
  trees.push(tree);
  return migrate({ url: database.url, tree, contracting });
}
const nothing = {
  'ledger/planted/figure.sql': null,
  'ledger/planted/double.sql': null,
  'ledger/planted/count.sql': null,
};
const counted = async (amount: number) =>
  (await worker.query<{ answer: string }>('select ledger.count_up($1) as answer', [amount])).rows[0]?.answer;

describe('what a program calls', () => {
  test('is replaced in place by a body that answers the same call', async () => {
    await plant();
    expect(await counted(2)).toBe('4');
    const text = plantedFiles['ledger/planted/double.sql'].replace('* 2', '* 3');
    const { applied } = await plant({ 'ledger/planted/double.sql': text });
    expect(applied).toEqual(['ledger/planted/double.sql', 'ledger/planted/count.sql']);
    expect(await counted(2)).toBe('6');
  });

  test.each([
    ['another parameter', (text: string) => text.replace('p_amount bigint', 'p_amount bigint, p_times int')],
    ['another result', (text: string) => text.replace('returns bigint', 'returns text')],
  ])('is refused %s, and nothing is changed', async (_, change) => {
    await plant();
    const before = await catalogOf(root);
    const changed = { 'ledger/planted/count.sql': change(plantedFiles['ledger/planted/count.sql']) };
    await expect(plant(changed)).rejects.toThrow('Give the new form another name');
    expect(await catalogOf(root)).toEqual(before);
    expect(await counted(2)).toBe('4');
    // When no program of an earlier release runs, it is replaced.
    await plant(changed, true);
    expect((await catalogOf(root)).functions.filter((line) => line.includes('count_up'))).toHaveLength(1);
  });

  test('stays when it left the tree, is listed, and goes with the contraction', async () => {
    const before = await catalogOf(root);
    await plant();
    const { left } = await plant(nothing);
    expect(left).toEqual({
      triggers: [],
      functions: ['ledger.count_up(bigint)', 'ledger.double(ledger.figure)'],
      types: ['ledger.figure'],
      rights: [],
    });
    expect(await counted(2)).toBe('4');
    expect((await plant(nothing, true)).left).toEqual(left);
    expect(await catalogOf(root)).toEqual(before);
    expect((await plant(nothing)).left.functions).toEqual([]);
  });

  test('keeps a right that its source no longer gives, until the contraction', async () => {
    await plant();
    const hidden = {
      'ledger/planted/count.sql': plantedFiles['ledger/planted/count.sql'].replace('quittance_worker', 'nobody'),
    };
    const { left } = await plant(hidden);
    expect(left.rights).toEqual(['execute on function ledger.count_up(bigint) from quittance_worker']);
    expect(await counted(2)).toBe('4');
    await plant(hidden, true);
    await expect(counted(2)).rejects.toThrow('permission denied');
  });
});

describe('a type', () => {
  const wider = {
    'ledger/planted/figure.sql': plantedFiles['ledger/planted/figure.sql'].replace(
      'amount bigint',
      'amount bigint, currency text',
    ),
  };
  const usedWider = {
    ...wider,
    'ledger/planted/double.sql': plantedFiles['ledger/planted/double.sql'].replace('* 2)', "* 2, 'USD')"),
    'ledger/planted/count.sql': plantedFiles['ledger/planted/count.sql'].replace(
      'row(p_amount)',
      "row(p_amount, 'USD')",
    ),
  };

  test('that changed is made again with all that stands on it, under the same rights', async () => {
    await plant();
    expect(await counted(2)).toBe('4');
    await plant(usedWider);
    expect(await counted(2)).toBe('4');
    const { left } = await plant(usedWider, true);
    expect(left).toEqual({ triggers: [], functions: [], types: [], rights: [] });
  });

  test('that changed is refused while a function uses it that left the tree', async () => {
    await plant();
    const removed = { ...wider, 'ledger/planted/double.sql': null, 'ledger/planted/count.sql': null };
    await expect(plant(removed)).rejects.toThrow('Give the new form of the type another name');
    expect(await counted(2)).toBe('4');
  });

  test('is never dropped with a column of a table', async () => {
    await plant();
    await root.query('create table ledger.kept (figure ledger.figure)');
    await expect(plant(usedWider)).rejects.toThrow('other objects depend on it');
    expect(await counted(2)).toBe('4');
  });
});

test('an inner function may change its signature: the old one stays for the last release, until the contraction', async () => {
  await plant();
  const changed = {
    'ledger/planted/double.sql': plantedFiles['ledger/planted/double.sql']
      .replace('p_figure ledger.figure)', 'p_figure ledger.figure, p_times int)')
      .replace('* 2', '* p_times'),
    'ledger/planted/count.sql': plantedFiles['ledger/planted/count.sql'].replace('double(v)', 'double(v, 5)'),
  };
  const { left } = await plant(changed);
  expect(left.functions).toEqual(['ledger.double(ledger.figure)']);
  expect(await counted(2)).toBe('10');
  await plant(changed, true);
  expect(await counted(2)).toBe('10');
});

test('a parameter may get another name', async () => {
  await plant();
  const renamed = plantedFiles['ledger/planted/double.sql'].replaceAll('p_figure', 'p_some');
  await plant({ 'ledger/planted/double.sql': renamed });
  expect(await counted(2)).toBe('4');
});

test('a trigger binding that left the tree is listed, and goes with the contraction', async () => {
  const path = 'ledger/triggers/hold.sql';
  const unbound = read(path).slice(0, read(path).indexOf('create or replace trigger'));
  expect((await plant({ [path]: unbound })).left.triggers).toEqual(['closed_once on ledger.hold']);
  await plant({ [path]: unbound }, true);
  expect((await plant({ [path]: unbound })).left.triggers).toEqual([]);
  // The binding is back when the tree has it again.
  await plant();
  expect(
    (await catalogOf(root)).triggers.filter((line) => line.includes('closed_once BEFORE UPDATE ON ledger.hold ')),
  ).toHaveLength(1);
});
