import { fileURLToPath } from 'node:url';
import type { FunctionStatement } from '../../drizzle/sources/statements.ts';
import { signatureOf } from '../../drizzle/sources/statements.ts';
import { readSources } from '../../drizzle/sources/tree.ts';
import { constraints } from './constraints.ts';
import type { Check } from './run.ts';

const sources = readSources(fileURLToPath(new URL('../..', import.meta.url)));
const statements = sources.flatMap(({ execute, statements: all }) => all.map((statement) => ({ execute, statement })));

const triggers = statements.flatMap(({ statement }) =>
  statement.kind === 'trigger' ? [{ relation: statement.table, name: statement.name }] : [],
);
const functions = statements.flatMap(({ execute, statement }) =>
  statement.kind === 'function' ? [{ signature: signatureOf(statement), body: bodyOf(statement), execute }] : [],
);

/** The text of a function between its dollar quotes, which the database keeps as it is; null for one whose body it parses. */
function bodyOf({ sql }: FunctionStatement): string | null {
  return /\bas \$(\w*)\$([\s\S]*?)\$\1\$/i.exec(sql)?.[2] ?? null;
}

/** What no role of ours may read: hashes of keys, secrets of webhook endpoints, and salts of commitments. */
const secrets = [
  { relation: 'api_key', name: 'hash' },
  { relation: 'webhook_endpoint', name: 'secret' },
  { relation: 'webhook_endpoint', name: 'old_secret' },
  { relation: 'archive_salt', name: 'salt' },
];

/**
 * The guards of the database itself, compared with those of this release: run it with the programs that migrated the database. A
 * guard that is gone says nothing about the rows, which the other checks derive, but from then on nothing would stop a wrong one.
 */
export const guards: Check = {
  name: 'guards',
  promise:
    'Every trigger, constraint, policy and function of this release is in force, and no role may write a table, read a secret or call more than it should.',
  counted: 'triggers, functions, constraints and tables',
  smallestBy: 'kind of the guard, then its table or function',
  examined: `select (select count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'ledger'::regnamespace and not t.tgisinternal)
    + jsonb_array_length($2::jsonb) + jsonb_array_length($3::jsonb)
    + (select count(*) from pg_class c where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p'))`,
  values: [triggers, functions, constraints, secrets].map((list) => JSON.stringify(list)),
  breaches: `
    with wanted_trigger as (
      select format('ledger.%I', relation)::regclass as relation, name from jsonb_to_recordset($1::jsonb) x(relation text, name text)
      union all
      -- The partitions have their own.
      select i.inhrelid, 'append_only' from pg_inherits i join pg_class c on c.oid = i.inhparent where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'p'
    ), wanted_function as (
      select * from jsonb_to_recordset($2::jsonb) x(signature text, body text, execute text[])
    ), wanted_constraint as (
      select relation, name from jsonb_to_recordset($3::jsonb) x(relation text, name text)
    ), program as (
      select unnest(array['quittance_api', 'quittance_worker', 'quittance_reader']) as role
    )
    select 'trigger ' || relation || name as id, format('the trigger %s of %s is missing or disabled', name, relation) as witness from wanted_trigger w
    where not exists (select 1 from pg_trigger t where t.tgrelid = w.relation and t.tgname = w.name and t.tgenabled in ('O', 'A'))
    union all
    select 'constraint ' || relation || name, format('the constraint or unique index %s of ledger.%s is missing', name, relation) from wanted_constraint w
    where not exists (select 1 from pg_constraint c where c.conrelid = to_regclass('ledger.' || w.relation) and c.conname = w.name and c.convalidated)
      and not exists (select 1 from pg_index i where i.indexrelid = to_regclass('ledger.' || w.name) and i.indisunique and i.indisvalid)
    union all
    select 'function ' || signature, format('the function %s is not the one of this release', signature) from wanted_function w
    left join pg_proc p on p.oid = to_regprocedure(w.signature)
    where p.oid is null or (w.body is not null and p.prosrc <> w.body)
    union all
    select 'execute ' || p.oid::regprocedure, format('%s may call %s', case a.grantee when 0 then 'everybody' else pg_get_userbyid(a.grantee) end, p.oid::regprocedure)
    from wanted_function w join pg_proc p on p.oid = to_regprocedure(w.signature) cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where a.grantee <> p.proowner and (a.grantee = 0 or not pg_get_userbyid(a.grantee) = any (w.execute))
    union all
    select 'write ' || c.oid::regclass, format('%s may %s %s', case a.grantee when 0 then 'everybody' else pg_get_userbyid(a.grantee) end, lower(a.privilege_type), c.oid::regclass)
    from pg_class c cross join lateral (
      select * from aclexplode(c.relacl)
      union all
      select x.* from pg_attribute t cross join aclexplode(t.attacl) x where t.attrelid = c.oid) a
    where c.relnamespace = 'ledger'::regnamespace and a.grantee <> c.relowner and a.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
    union all
    select 'read ' || relation || role, format('%s may read %s of ledger.%s', role, name, relation)
    from jsonb_to_recordset($4::jsonb) x(relation text, name text), program
    where has_column_privilege(role, 'ledger.' || relation, name, 'select')
    union all
    select 'tenant ' || c.oid::regclass, format('%s does not keep tenants apart: row-level security is off, or a policy lets quittance_api see more', c.oid::regclass)
    from pg_class c
    where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and has_any_column_privilege('quittance_api', c.oid, 'select')
      and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
      and (not c.relrowsecurity or exists (
        select 1 from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*') and p.polpermissive
          and (0 = any (p.polroles) or 'quittance_api'::regrole = any (p.polroles))
          and pg_get_expr(p.polqual, p.polrelid) not like '%quittance.tenant%'))
    union all
    select 'role ' || rolname, format('the role %s is above every guard', rolname) from pg_roles join program on role = rolname
    where rolsuper or rolbypassrls or rolcreaterole or pg_has_role(rolname, 'quittance_owner', 'member')`,
};
