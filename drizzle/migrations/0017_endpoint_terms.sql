-- Locks: none that anybody waits for.
-- The auditor derives which notices there must be from what an endpoint takes, and finds pauses
-- that are too long. Its address and its secrets are not the auditor's.
grant select (
  id, tenant_id, status, event_types, created_at, updated_at, paused_until
) on ledger.webhook_endpoint to quittance_reader;
