-- execute: nobody

-- What a client may change of a plan, for the audit.
create or replace function ledger.statement_plan_values(plan ledger.statement_plan) returns jsonb
language sql stable
return jsonb_build_object(
  'zone', plan.zone,
  'locale', plan.locale,
  'quiet', plan.quiet,
  'brand', plan.brand,
  'keep_years', plan.keep_years
);
