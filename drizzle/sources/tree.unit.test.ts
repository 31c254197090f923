import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { readSources } from './tree.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Reads sources from the texts of files below `ledger/`. */
function sourcesOf(texts: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-sources-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, 'ledger', path)), { recursive: true });
    writeFileSync(join(folder, 'ledger', path), text);
  }
  return readSources(folder);
}

const verb = (name: string, needs = ''): string =>
  `-- execute: nobody\n${needs}create or replace function ledger.${name}() returns int language sql return 1;\n`;

test('sources stand after those that they need', () => {
  const read = sourcesOf({
    'a.sql': verb('a', '-- needs: ledger/b.sql, ledger/deep/c.sql\n'),
    'b.sql': verb('b', '-- needs: ledger/deep/c.sql\n'),
    'deep/c.sql': verb('c'),
  });
  expect(read.map(({ path }) => path)).toEqual(['ledger/deep/c.sql', 'ledger/b.sql', 'ledger/a.sql']);
});

test.each<[string, Record<string, string>, string]>([
  [
    'no word on who may execute it',
    { 'a.sql': 'select 1;' },
    'ledger/a.sql: its first line must say who may execute it',
  ],
  ['an unknown role', { 'a.sql': '-- execute: everybody\n' }, 'there is no role everybody'],
  [
    'an unknown need',
    { 'a.sql': verb('a', '-- needs: ledger/b.sql\n') },
    'ledger/a.sql needs ledger/b.sql, and there is no such source',
  ],
  [
    'needs in a circle',
    { 'a.sql': verb('a', '-- needs: ledger/b.sql\n'), 'b.sql': verb('b', '-- needs: ledger/a.sql\n') },
    'these sources need each other: ledger/a.sql → ledger/b.sql → ledger/a.sql',
  ],
  [
    'a name that another has',
    { 'a.sql': verb('a'), 'b.sql': verb('a') },
    'the function a stands in ledger/a.sql already',
  ],
  [
    'a table',
    { 'a.sql': '-- execute: nobody\ncreate table ledger.a (id int);' },
    'this belongs in a migration: create table',
  ],
  ['a function that is not replaced', { 'a.sql': verb('a').replace('or replace ', '') }, 'this belongs in a migration'],
  [
    'a function of another schema',
    { 'a.sql': verb('a').replace('ledger.a', 'public.a') },
    'this belongs in a migration',
  ],
])('%s is refused', (_, texts, sentence) => {
  expect(() => sourcesOf(texts)).toThrow(sentence);
});

test('a statement ends at its own semicolon: not in a body, a string or a comment', () => {
  const [source] = sourcesOf({
    'a.sql': `-- execute: quittance_api, quittance_worker
-- It says; "a".
create type ledger.pair as (a numeric, b ledger.other[]);
create or replace function ledger.a(in p_a int default 1, p_b text = ';', out o int, p_c timestamp with time zone default now()) returns int
language plpgsql as $body$ begin perform $$;$$; return 1; -- ;
end $body$;
create or replace trigger t before insert or update on ledger.b for each row when (old.x <> ';') execute function ledger.a();`,
  });
  expect(source?.execute).toEqual(['quittance_api', 'quittance_worker']);
  expect(source?.statements).toMatchObject([
    {
      kind: 'type',
      name: 'pair',
      attributes: [
        { name: 'a', type: 'numeric' },
        { name: 'b', type: 'ledger.other[]' },
      ],
    },
    { kind: 'function', name: 'a', types: ['int', 'text', 'timestamp with time zone'] },
    { kind: 'trigger', name: 't', table: 'b' },
  ]);
});
