-- Locks: the index is made under a lock that stops the writers of keys, for one read of the table.
-- squawk-ignore-file require-concurrent-index-creation
-- The keys of a tenant that work: counted whenever one is made.
create index api_key_usable on ledger.api_key (tenant_id, expires_at) where revoked_at is null;
