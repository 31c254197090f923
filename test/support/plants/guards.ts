import type { Plant } from './plant.ts';

/** Faults of the database's own guards. */
export const guards: readonly Plant[] = [
  ['a trigger is dropped', 'guards', 'drop trigger append_only on ledger.posting'],
  [
    'a trigger of a partition is disabled',
    'guards',
    `do $do$ begin execute format('alter table ledger.posting_%s disable trigger append_only', to_char(now() at time zone 'UTC', 'YYYY_MM')); end $do$`,
  ],
  ['a constraint is dropped', 'guards', 'alter table ledger.balance drop constraint never_overdrawn'],
  ['a unique index is dropped', 'guards', 'drop index ledger.send_one_open'],
  ['a role may write a table', 'guards', 'grant insert on ledger.posting to quittance_api'],
  ['a role may write a column', 'guards', 'grant update (floor) on ledger.balance to quittance_worker'],
  ['a role may read secrets', 'guards', 'grant select on ledger.webhook_endpoint to quittance_api'],
  ['everybody may call a verb', 'guards', 'grant execute on function ledger.conclude(jsonb) to public'],
  [
    'a verb is another function',
    'guards',
    'create or replace function ledger.conclude(p_reports jsonb) returns jsonb language plpgsql security definer as $$ begin return null; end $$',
  ],
  ['tenants are not kept apart', 'guards', 'alter table ledger.transfer disable row level security'],
  [
    'a policy shows every tenant',
    'guards',
    'create policy everything on ledger.transfer for select to quittance_api using (true)',
  ],
  ['a role is above every guard', 'guards', 'alter role quittance_reader bypassrls'],
];
