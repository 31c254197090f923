import { expect, test } from '@jest/globals';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { checks } from './checks.ts';
import { columnRules, otherTables } from './columns.ts';
import { constraints } from './constraints.ts';

const { pools } = freshLedger();

test('every column of a table is derived by a check, or has the reason why not', async () => {
  const { rows } = await pools.root.query<{ relation: string; column: string }>(
    `select c.relname as relation, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped`,
  );
  const found = rows
    .filter(({ relation }) => otherTables[relation] === undefined)
    .map(({ relation, column }) => `${relation}.${column}`);
  const listed = Object.entries(columnRules).flatMap(([relation, columns]) =>
    Object.keys(columns).map((column) => `${relation}.${column}`),
  );
  expect(found.toSorted()).toEqual(listed.toSorted());
  const named = Object.values(columnRules).flatMap((columns) =>
    Object.values(columns).flatMap((rule) => ('by' in rule ? rule.by : [])),
  );
  const names = checks.map(({ name }) => name);
  expect([...new Set(named)].filter((name) => !names.includes(name))).toEqual([]);
});

test('the constraints that are asked for are those of the migrations', async () => {
  const { rows } = await pools.root.query<{ relation: string; name: string }>(
    `select c.relname as relation, k.conname as name from pg_constraint k join pg_class c on c.oid = k.conrelid
     where c.relnamespace = 'ledger'::regnamespace and not c.relispartition and k.contype in ('c', 'p', 'u', 'f')
     union
     select c.relname, x.relname from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
     where c.relnamespace = 'ledger'::regnamespace and not c.relispartition and i.indisunique`,
  );
  const line = ({ relation, name }: { relation: string; name: string }) => `${relation} ${name}`;
  expect(constraints.map(line).toSorted()).toEqual(rows.map(line).toSorted());
});
