-- execute: nobody

-- History is never changed, and no row that money stands on is deleted.
create or replace function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'ledger.% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create or replace trigger append_only before update or delete or truncate on ledger.entry
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.posting
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.event
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.batch
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.idempotency_key
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.hold_request
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.entry_request
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.contradiction
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.period
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.audit
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only
  before update or delete or truncate on ledger.statement_object
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only
  before update or delete or truncate on ledger.former_account_name
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only
  before update or delete or truncate on ledger.archive_object
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only
  before update or delete or truncate on ledger.archive_epoch
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or truncate on ledger.archive_access
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or truncate on ledger.archive_refused_sign_in
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only
  before update or truncate on ledger.archive_publication_tenant
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.archive_publication
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.kept_event
  for each statement execute function ledger.refuse_change();

create or replace trigger append_only before update or delete or truncate on ledger.kept_entry
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.detached_month
  for each statement execute function ledger.refuse_change();

create or replace trigger never_truncated before truncate on ledger.kept_balance
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.archive_segment
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.archive_removal
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.archive_tenant
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.statement
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.statement_month
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.transfer
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.hold
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.client_hold
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.attempt
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.send
  for each statement execute function ledger.refuse_change();

create or replace trigger never_deleted before delete or truncate on ledger.balance
  for each statement execute function ledger.refuse_change();
