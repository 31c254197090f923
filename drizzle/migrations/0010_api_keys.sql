-- Locks: api_key and tenant for a moment each; a column without a default changes no row.
-- squawk-ignore-file require-concurrent-index-creation
-- The key that made a key: with it its descendants can be revoked together. Null: made by an
-- operator.
alter table ledger.api_key add column created_by uuid;
create index api_key_created_by on ledger.api_key (created_by) where created_by is not null;
grant select (created_by) on ledger.api_key to quittance_api;

-- Requests a second of all keys of a tenant together; null is the default of the API.
-- squawk-ignore constraint-missing-not-valid
alter table ledger.tenant add column rate_limit int check (rate_limit > 0);

-- What the checksum in every API key is made with, so that a key that somebody made up is refused
-- without a look into api_key. It is no password: who knows it can only cause look-ups.
create table ledger.api_key_seal (
  only_row boolean primary key default true check (only_row),
  seal bytea not null check (length(seal) = 32),
  created_at timestamptz not null default now()
);
alter table ledger.api_key_seal owner to quittance_owner;
-- Two UUIDs have 244 random bits.
insert into ledger.api_key_seal (seal)
values (decode(
  replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
