import { expect, test } from '@jest/globals';
import { sqlNamesOf } from '../support/sql-names.ts';
import { declaredNamesOf, exportsOf, membersOf, schemaFieldsOf } from '../support/syntax.ts';
import { files, plant, read, sources } from '../support/tree.ts';

/**
 * The glossary, enforced: what its last column lists stands in no name of a kind below. The words and the places where
 * one may stand are read from docs/glossary.md, so there is one list, and people can read it.
 */
const saysNothing = ['utils', 'helpers', 'common', 'manager', 'service', 'info'];

type Name = { place: string; name: string };
type Exception = { word: string; where: RegExp; used: boolean };

const rows = (heading: RegExp) =>
  (
    read('docs/glossary.md')
      .split(/^## /m)
      .find((part) => heading.test(part)) ?? ''
  )
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (word|-+) /.test(line))
    .map((line) =>
      line
        .slice(2, -2)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.replaceAll('\\|', '|').trim()),
    );

const refusedWords = [
  ...new Set([...rows(/^# Glossary/).flatMap((cells) => wordsOf(cells.at(-1) ?? '')), ...saysNothing]),
];
const exceptions: Exception[] = rows(/^Where a refused word/).map(([word = '', where = '']) => ({
  word,
  where: new RegExp(where.replaceAll('`', '')),
  used: false,
}));

/** How the names of each kind are found in a file. */
const kinds: Record<string, { in: readonly string[]; names: (file: string) => string[] }> = {
  files: { in: files(/\.(ts|mjs|sql|md)$/), names: (file) => file.split('/') },
  'SQL tables, types and functions': { in: files(/\.sql$/), names: (file) => sqlNamesOf(file).objects },
  'SQL columns, attributes and parameters': { in: files(/\.sql$/), names: (file) => sqlNamesOf(file).members },
  exports: { in: sources(), names: (file) => exportsOf(file) },
  'members of exported types': { in: sources(), names: membersOf },
  'fields of a wire format': { in: sources(), names: schemaFieldsOf },
};

test('the glossary is read: it has its words and refuses theirs', () => {
  expect(refusedWords).toEqual(expect.arrayContaining(['payment', 'journal line', 'wallet', 'refund', 'manager']));
  expect(rows(/^# Glossary/).length).toBeGreaterThan(20);
});

test.each(Object.keys(kinds))('no refused word in the names of %s', (kind) => {
  expect(namesOf(kind).length).toBeGreaterThan(50);
  expect(namesOf(kind).flatMap(complaints)).toEqual([]);
});

test.each([
  ['files', plant('api/payments.ts', '')],
  ['SQL tables, types and functions', plant('a.sql', 'create table ledger.wallet (id uuid)')],
  ['SQL tables, types and functions', plant('b.sql', 'create type ledger.wallet as (id uuid)')],
  ['SQL tables, types and functions', plant('c.sql', 'create or replace function ledger.pay_refund(a int) as $$ $$')],
  ['SQL columns, attributes and parameters', plant('d.sql', 'create table t (id uuid, payment_id uuid)')],
  ['SQL columns, attributes and parameters', plant('e.sql', 'create type t as (a numeric(9, 2), gateway text)')],
  ['SQL columns, attributes and parameters', plant('f.sql', 'create function f(p_orders jsonb) returns int')],
  ['SQL columns, attributes and parameters', plant('g.sql', 'create function f(a int) returns table (chunk int)')],
  ['SQL columns, attributes and parameters', plant('h.sql', 'alter table t add column provider text')],
  ['SQL columns, attributes and parameters', plant('i.sql', 'create table t (constraint one_wallet check (a > 0))')],
  ['SQL columns, attributes and parameters', plant('r.sql', 'alter table ledger.rail add column held_by text')],
  ['SQL tables, types and functions', plant('s.sql', 'create or replace function ledger.open_rail(a int) as $$ $$')],
  ['exports', plant('j.ts', 'export type PaymentState = 1;')],
  ['exports', plant('k.ts', 'export const [a, findWallet] = x;')],
  ['members of exported types', plant('l.ts', 'export type T = { a: { walletId: string }[] } | { b: 1 };')],
  ['members of exported types', plant('m.ts', 'export interface T { refund(): void }')],
  ['fields of a wire format', plant('n.ts', 'const body = z.strictObject({ a: z.string(), order_id: z.string() });')],
])('a refused word is found in the names of %s: %s', (kind, file) => {
  const found = kinds[kind]?.names(file).map((name) => ({ place: file, name })) ?? [];
  expect(found.flatMap(complaints)).toHaveLength(1);
});

test('comments, bodies, constants and types that a file keeps to itself name nothing', () => {
  const sql = plant('o.sql', "-- a wallet\ncreate function f(a text default 'wallet') as $x$ declare wallet int; $x$;");
  const code = plant('p.ts', 'type Own = { wallet: 1 }; export type T = { a: Own; "b": typeof x.wallet };');
  expect([sqlNamesOf(sql), membersOf(code)]).toEqual([{ objects: ['f'], members: ['a'] }, ['a', 'b']]);
});

/** Names that are refused as a whole; `… most` is any name that ends so. */
const refusedNames = rows(/^Words that say nothing/)
  .flatMap(([names = '']) => wordsOf(names))
  .map((name) => new RegExp(`^${name.replace('… ', '.* ')}$`));
const unfitNames = (file: string) =>
  declaredNamesOf(file).filter((name) => refusedNames.some((refused) => refused.test(parted(name))));

test('what a file declares has the name of a thing', () => {
  expect(refusedNames.length).toBeGreaterThan(10);
  expect(files(/\.(ts|mjs)$/).flatMap((file) => unfitNames(file).map((name) => `${file}: ${name}`))).toEqual([]);
});

test.each([
  ['const told = 1;', 'told'],
  ['function f(said: string): void {}', 'said'],
  ['const { a: heard } = x;', 'heard'],
  ['type T = { toldMostMs: number };', 'toldMostMs'],
  ['interface World {}', 'World'],
])('a name that is no noun is found in %s', (code, name) => {
  expect(unfitNames(plant(`q-${name}.ts`, code))).toEqual([name]);
});

test('every exception of the glossary is still needed: a row that nothing needs is removed', () => {
  for (const name of Object.keys(kinds).flatMap(namesOf)) complaints(name);
  expect(exceptions.filter(({ used }) => !used).map(({ word, where }) => `${word} in ${where.source}`)).toEqual([]);
});

function namesOf(kind: string): Name[] {
  return (
    kinds[kind]?.in.flatMap((file) => (kinds[kind]?.names(file) ?? []).map((name) => ({ place: file, name }))) ?? []
  );
}

/** A name is `place name`, as the exceptions of the glossary are matched against it. */
function complaints({ place, name }: Name): string[] {
  const parts = ` ${parted(name)} `;
  return refusedWords
    .filter((word) => parts.includes(` ${word} `) || parts.includes(` ${word}s `))
    .filter((word) => {
      const allowed = exceptions.find(
        (exception) => exception.word === word && exception.where.test(`${place} ${name}`),
      );
      if (allowed) allowed.used = true;
      return !allowed;
    })
    .map((word) => `${place}: "${name}" says "${word}"`);
}

/** `TransferRequest`, `transfer_request` and `transfer-request` are all `transfer request`. */
function parted(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase();
}

function wordsOf(cell: string): string[] {
  return cell
    .split(', ')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
}
