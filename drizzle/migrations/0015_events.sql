-- Locks: event, notice_due, delivery, account, api_key and webhook_endpoint for a moment each; each
-- index is made under a lock that stops the writers of its table, for as long as the table is
-- large. Before the first release the tables are small.
-- squawk-ignore-file renaming-column, require-concurrent-index-creation
-- squawk-ignore-file constraint-missing-not-valid
-- An event is about any thing that changes, not about transfers alone, and so is its notice.
alter table ledger.event rename column transfer_id to subject_id;
alter table ledger.event
  add column subject_type text not null default 'transfer' check (subject_type in (
    'transfer', 'account', 'hold', 'entry', 'api_key', 'webhook_endpoint')),
  -- The transaction that wrote it: the order of the feed. Once every transaction below a number has
  -- ended, no event can still appear below it. Events of before come first, by their ids.
  add column xid xid8 not null default '0';
alter table ledger.event
  alter column subject_type drop default,
  alter column xid set default pg_current_xact_id();
create index event_feed on ledger.event (tenant_id, xid, version, id);
-- How long the feed waits for a transaction is the age of the first batch behind it.
create index batch_xid on ledger.batch (xid);

alter table ledger.notice_due rename column transfer_id to subject_id;
alter table ledger.notice_due add column subject_type text not null default 'transfer';
alter table ledger.notice_due alter column subject_type drop default;

alter table ledger.delivery rename column transfer_id to subject_id;
alter table ledger.delivery add column subject_type text not null default 'transfer';
alter table ledger.delivery alter column subject_type drop default;
create index delivery_outcome
  on ledger.delivery (endpoint_id, outcome, created_at desc, id desc);

-- The number of a thing's last event.
alter table ledger.account add column version int not null default 1;
alter table ledger.api_key add column version int not null default 1;
grant select (version) on ledger.api_key to quittance_api;

alter table ledger.webhook_endpoint
  add column version int not null default 1,
  -- Which events make notices for it; null is all.
  add column event_types text[] check (cardinality(event_types) between 1 and 50),
  -- A secret that was replaced signs beside the new one until then.
  add column old_secret text,
  add column old_secret_until timestamptz,
  add constraint old_secret_ends check ((old_secret is null) = (old_secret_until is null));
grant select (version, event_types, old_secret_until) on ledger.webhook_endpoint to quittance_api;
