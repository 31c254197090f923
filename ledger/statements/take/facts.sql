-- execute: nobody
-- needs: ledger/statements/in-zone.sql, ledger/statements/months/place.sql

-- Documents of a statement: one for each 5,000 postings.
create or replace function ledger.parts_of(statement ledger.statement) returns int
language sql immutable
return greatest(ceil((statement.to_seq - statement.from_seq) / 5000.0), 1)::int;

-- What is said of postings together.
create or replace function ledger.statement_sum(p_count int, p_amount bigint) returns jsonb
language sql immutable
return jsonb_build_object('count', p_count, 'amount', p_amount::text);

-- A statement as who makes it reads it (domain/statement.ts). Figures are text, because JSON
-- numbers lose digits.
create or replace function ledger.statement_facts(statement ledger.statement) returns jsonb
language sql stable
return jsonb_build_object(
  'id', statement.id,
  'tenantId', statement.tenant_id,
  'accountId', statement.account_id,
  'kind', statement.kind,
  'number', statement.number,
  'edition', statement.edition,
  'month', statement.month,
  'fromAt', ledger.rfc3339_in_zone(statement.from_at, ledger.usable_zone(statement.zone)),
  'toAt', ledger.rfc3339_in_zone(statement.to_at, ledger.usable_zone(statement.zone)),
  'zone', statement.zone,
  'locale', statement.locale,
  'issuedAt', ledger.rfc3339_in_zone(statement.created_at, ledger.usable_zone(statement.zone)),
  'account', jsonb_build_object(
    'name', statement.account_name,
    'reference', statement.account_reference,
    'currency', statement.currency
  ),
  'brand', statement.brand,
  'opening', statement.opening::text,
  'closing', statement.closing::text,
  'moneyIn', ledger.statement_sum(statement.count_in, statement.money_in),
  'moneyOut', ledger.statement_sum(statement.count_out, statement.money_out),
  'late', ledger.statement_sum(statement.late_count, statement.late_amount),
  'held', statement.held::text,
  'fromSeq', statement.from_seq::text,
  'toSeq', statement.to_seq::text
);

-- The same, with what who makes it needs beside it.
create or replace function ledger.taken_statement(statement ledger.statement) returns jsonb
language sql stable
return jsonb_build_object(
  'facts', ledger.statement_facts(statement),
  'lease', statement.lease,
  'tries', statement.tries,
  'keepYears', statement.keep_years,
  'parts', ledger.parts_of(statement),
  'day', to_char(statement.day, 'YYYYMMDD'),
  'sequenceOfDay', statement.sequence_of_day,
  'replacesId', statement.replaces_id
);
