-- execute: nobody

-- What the audit says of an endpoint: everything that its tenant sets, without the secret.
create or replace function ledger.endpoint_values(endpoint ledger.webhook_endpoint) returns jsonb
language sql stable
return jsonb_build_object(
  'url', endpoint.url,
  'description', endpoint.description,
  'event_types', endpoint.event_types,
  'status', endpoint.status,
  'disabled_reason', endpoint.disabled_reason);
