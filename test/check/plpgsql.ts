import type pg from 'pg';
import { migrate } from '../../drizzle/migrate.ts';
import { withClient } from '../../local/servers/database.ts';
import { storyPools } from '../releases/calls.ts';
import { freshNames, tell } from '../releases/story.ts';
import { findWithExtension, onNewServer } from './system-postgres.ts';

/**
 * Looks into the bodies of all PL/pgSQL functions with plpgsql_check: names that do not exist, types that do not fit, variables
 * that nobody reads. Postgres itself finds these only when a line runs. The server is the system's own, mostly an older one than
 * that of the tests, so every verb is called there once too. Prints what it finds; ends with 1 when there is anything.
 */
const extension = 'plpgsql_check';
const server = findWithExtension(extension);
if (!server) throw new Error(`no PostgreSQL of this system has ${extension}`);

/**
 * Findings that are wrong, by function: it holds one that locks rows to be `stable`, which may not lock, and one that must see what
 * was committed since it was called before.
 */
const known: Record<string, number> = {
  funding_account_of: 1,
  holders_of_accounts: 1,
  holders_of_holds: 1,
  holders_of_transfers: 1,
  lock_accounts: 1,
  lock_transfers: 1,
};

type Finding = { function: string; line: number | null; level: string; message: string; detail: string | null };

const findings = await onNewServer(server, async (url) => {
  await migrate({ url });
  await withClient(url, async (client) => {
    for (const role of ['api', 'worker', 'reader']) await client.query(`alter role quittance_${role} login`);
  });
  await callEveryVerb(url);
  return await withClient(url, check);
});

const counts = Map.groupBy(findings, (finding) => finding.function);
const bad = [...counts].filter(([name, { length }]) => length > (known[name] ?? 0));
const gone = Object.keys(known).filter((name) => !counts.has(name));
for (const { function: name, line, level, message, detail } of bad.flatMap(([, all]) => all)) {
  console.error(`ledger.${name}, line ${line ?? '?'}: ${level}: ${message}${detail ? ` (${detail})` : ''}`);
}
for (const name of gone)
  console.error(`ledger.${name} no longer has a finding: take it out of the table in test/check/plpgsql.ts.`);
console.log(`PostgreSQL ${server.version}: ${findings.length} findings`);
process.exitCode = bad.length + gone.length > 0 ? 1 : 0;

async function callEveryVerb(url: string): Promise<void> {
  const of = (role: string) => url.replace('//postgres@', `//quittance_${role}@`);
  const pools = storyPools({ url, api: of('api'), worker: of('worker') });
  try {
    await tell(pools, freshNames());
  } finally {
    await pools.end();
  }
}

async function check(client: pg.Client): Promise<Finding[]> {
  await client.query(`create extension ${extension} schema public`);
  // Inner functions find their tables in the search path of the verb that calls them.
  await client.query('set search_path = ledger, pg_temp');
  const { rows } = await client.query<Finding>(`
    select p.proname as function, found.lineno as line, found.level, found.message, found.detail
    from pg_proc p
    join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
    left join lateral (
      -- A trigger function is looked at on one table that it is bound to.
      select t.tgrelid, t.tgnewtable from pg_trigger t
      where t.tgfoid = p.oid and t.tgparentid = 0 order by t.tgrelid limit 1) bound on true
    cross join lateral public.plpgsql_check_function_tb(
      p.oid, coalesce(bound.tgrelid, 0), all_warnings => true, newtable => bound.tgnewtable) found
    where p.pronamespace = 'ledger'::regnamespace
    order by 1, 2`);
  return rows;
}
