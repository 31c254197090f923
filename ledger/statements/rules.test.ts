import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  brandLimits,
  interimsPerDay,
  postingsPerPart,
  quietMonths,
  statementKinds,
  statementLocales,
  statementStatuses,
} from '../../domain/statement.ts';
import { type Accounts, createAccounts } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { sampleStatements } from '../../test/support/fixtures/sample-statements.ts';
import { endMonth } from '../../test/support/fixtures/statements.ts';

const { pools, ledger } = freshLedger();
let accounts: Accounts;
let ids: Record<string, string>;
let cut: string;
beforeAll(async () => {
  accounts = await createAccounts(pools, ledger);
  ids = await sampleStatements(pools, accounts);
  await pools.root.query("update ledger.statement_plan set quiet = 'monthly'");
  const month = await endMonth(pools, accounts);
  const { rows } = await pools.root.query<{ id: string }>(
    'select id from ledger.statement where month = $1 and account_id = $2',
    [month, accounts.ada],
  );
  cut = rows[0]?.id ?? '';
});

/** What the database says to a change that our code never makes, tried by a superuser: the constraint, or the trigger's sentence. Never kept. */
const says = async (sql: string, values: unknown[] = []): Promise<string> => {
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    await client.query(sql, values);
    return 'yes';
  } catch (error) {
    if (error instanceof Error && 'constraint' in error && typeof error.constraint === 'string')
      return error.constraint;
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.query('rollback');
    client.release();
  }
};

/** The columns of a table, each with an expression for another value than it has. */
async function columnsOf(table: string): Promise<{ name: string; other: string }[]> {
  const { rows } = await pools.root.query<{ name: string; other: string }>(
    `select attname as name, replace(case t.typname
        when 'uuid' then 'gen_random_uuid()'
        when 'jsonb' then $$@ || '{"other": 1}'$$
        when 'timestamptz' then $$coalesce(@, now()) + interval '1 second'$$
        when 'date' then $$coalesce(@, '2026-01-01') + 1$$
        when 'bytea' then $$sha256('other')$$
        when 'pg_snapshot' then $$'1:1:'$$
        when 'text' then $$coalesce(@, '') || 'x'$$
        else 'coalesce(@, 0) + 1'
      end, '@', attname) as other
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attname`,
    [`ledger.${table}`],
  );
  return rows;
}

/** What makers write while a statement is not ready. Its sums change together alone, and what is ready comes in one change. */
const written = ['attention_reason', 'due_at', 'lease', 'tries'];
const together = ['document_sha256', 'ready_at', 'renderer', 'status', 'summed_seq'];

describe('the database refuses, for every login', () => {
  test('a statement another value of any column that was cut', async () => {
    const taken: string[] = [];
    for (const { name, other } of await columnsOf('statement')) {
      const answer = await says(`update ledger.statement set ${name} = ${other} where id = $1`, [cut]);
      if (answer === 'yes') taken.push(name);
      else if (!together.includes(name)) expect([name, answer]).toEqual([name, `statement ${cut} keeps what was cut`]);
    }
    // An edition may become the next one, with its names; whole sums may be noted to another time.
    expect(taken).toEqual([...written, 'edition', 'summed_at'].toSorted());
  });

  test('a statement that is ready any change', async () => {
    for (const { name, other } of await columnsOf('statement')) {
      const answer = await says(`update ledger.statement set ${name} = ${other} where id = $1`, [ids['statement']]);
      expect([name, answer]).toEqual([name, `statement ${ids['statement']} keeps what was cut`]);
    }
  });

  test('a month other bounds, and a closed one any change', async () => {
    for (const name of ['month', 'from_at', 'to_at', 'zone', 'quiet', 'opened_at', 'cut_after', 'cut_at', 'id']) {
      const other =
        { month: "'2000-01'", zone: "'x'", quiet: "'skipped'", cut_after: "'1'", id: 'gen_random_uuid()' }[name] ??
        `${name} - interval '1 second'`;
      expect([
        name,
        await says(`update ledger.statement_month set ${name} = ${other} where month = $1`, [ids['statementMonth']]),
      ]).toEqual([name, `month ${ids['statementMonth']} of tenant ${accounts.tenantId} keeps its bounds`]);
    }
  });

  const following = { number: 'number + 1', month: `'2099-01'` };
  const interim = { kind: `'interim'`, number: 'null', month: 'null', day: `'2026-01-01'`, sequence_of_day: '1' };
  const more = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `${name} + 1`]));

  test.each<[string, Record<string, string>, string | RegExp]>([
    ['that begins too late', { ...following, ...more('from_seq', 'to_seq', 'summed_seq') }, /is not chained/],
    ['with another opening', { ...following, ...more('opening', 'closing', 'summed_balance') }, /is not chained/],
    ['that leaves a number out', { ...following, number: 'number + 2' }, /is not chained/],
    ['with a number that is there', { month: `'2099-01'` }, 'statement_number'],
    ['of a month that is there', { number: 'number + 1' }, 'statement_of_month'],
    ['that does not tie', { ...following, ...more('money_in') }, 'ties'],
    ['that is not whole', { ...following, ...more('count_in') }, 'whole'],
    ['with a renderer, and not ready', { ...following, renderer: `'x'` }, 'ready_has_document'],
    ['without a number', { number: 'null' }, 'numbered_in_a_month'],
    ['on request with a number', { ...interim, ...following }, 'numbered_in_a_month'],
    ['on request without a day', { ...interim, day: 'null' }, 'interim_has_a_day'],
    ['on request, the eleventh of its day', { ...interim, sequence_of_day: '11' }, 'statement_sequence_of_day_check'],
    ['on request that begins anywhere', { ...interim, ...more('opening', 'closing', 'summed_balance') }, /not chained/],
    ['of an edition with other figures', { edition: '2', replaces_id: 'id', ...more('held') }, /does not repeat/],
    ['of a first edition that replaces one', { replaces_id: 'id' }, 'first_replaces_none'],
  ])('a statement %s', async (_, change, answer) => {
    const members = Object.entries({ id: 'gen_random_uuid()', ...change }).map(
      ([name, value]) => `'${name}', ${value}`,
    );
    const sql = `insert into ledger.statement
      select (jsonb_populate_record(s, jsonb_build_object(${members.join(', ')}))).* from ledger.statement s where id = $1`;
    expect(await says(sql, [cut])).toEqual(typeof answer === 'string' ? answer : expect.stringMatching(answer));
  });

  test.each([
    ['a name that is too long', { name: 'x'.repeat(brandLimits.name + 1) }],
    ['too many lines of an address', { address: Array.from({ length: brandLimits.addressLines + 1 }, () => 'x') }],
    ['a line that is too long', { address: ['x'.repeat(brandLimits.addressLine + 1)] }],
    ['an empty line', { address: [''] }],
    ['a line that is no text', { address: [1] }],
    ['nobody to ask', { inquiry: '' }],
    ['a text to ask that is too long', { inquiry: 'x'.repeat(brandLimits.inquiry + 1) }],
    ['no colour', { accent: 'red' }],
    ['what nobody prints', { logo: 'x' }],
  ])('a brand with %s', async (_, change) => {
    const changing = 'update ledger.statement_plan set brand = brand || $1 where tenant_id = $2';
    expect(await says(changing, [JSON.stringify(change), accounts.tenantId])).toBe('brand_has_form');
    const largest = {
      ...{ name: 'x'.repeat(brandLimits.name), inquiry: 'x'.repeat(brandLimits.inquiry) },
      address: Array.from({ length: brandLimits.addressLines }, () => 'x'.repeat(brandLimits.addressLine)),
    };
    expect(await says(changing, [JSON.stringify(largest), accounts.tenantId])).toBe('yes');
  });
});

describe('the domain and the database say the same', () => {
  const wordsOf = async (constraint: string): Promise<string[]> => {
    const { rows } = await pools.root.query<{ text: string }>(
      "select pg_get_constraintdef(oid) as text from pg_constraint where connamespace = 'ledger'::regnamespace and conname = $1",
      [constraint],
    );
    return [...(rows[0]?.text ?? '').matchAll(/'([\w-]+)'::text/g)].map(([, word = '']) => word);
  };
  test.each([
    ['kinds', 'statement_kind_check', statementKinds],
    ['statuses', 'statement_status_check', statementStatuses],
    ['what quiet months get', 'statement_plan_quiet_check', quietMonths],
  ])('%s', async (_, constraint, words) => {
    expect(await wordsOf(constraint)).toEqual([...words]);
  });

  test('the form of a locale', async () => {
    for (const locale of statementLocales) {
      expect(await says('update ledger.statement_plan set locale = $1', [locale])).toBe('yes');
    }
    expect(await says("update ledger.statement_plan set locale = 'xx-yy'")).toBe('statement_plan_locale_check');
  });

  test('how many postings a part has, and how many on request a day has', async () => {
    const { rows } = await pools.root.query<{ parts: number }>(
      `select ledger.parts_of(jsonb_populate_record(s, jsonb_build_object('from_seq', 0, 'to_seq', n))) as parts
       from ledger.statement s cross join unnest(array[0, 1, $2::int, $2::int + 1]) n where s.id = $1 order by n`,
      [cut, postingsPerPart],
    );
    expect(rows.map(({ parts }) => parts)).toEqual([1, 1, 1, 2]);
    expect(interimsPerDay).toBe(10);
  });
});
