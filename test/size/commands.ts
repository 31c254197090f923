import { sizeId } from './book.ts';

/** Commands of entries, holds and periods on the size book, as JSON. */
export const tenant = (n: number) => `'${sizeId('tenant', n)}'::uuid`;
export const account = (n: number) => `'${sizeId('account', n)}'::uuid`;
export const fingerprint = "repeat('ab', 32)";

/** So many entries of so many legs each, as JSON. */
export const entries = (count: number, legs: number) => `(
  select jsonb_agg(jsonb_build_object(
    'id', ledger.uuid_v7(now()), 'tenant_id', ${tenant(1)}, 'key', 'entry ' || n || random(),
    'fingerprint', ${fingerprint}, 'metadata', '{}'::jsonb, 'effective_at', now() - interval '90 days', 'legs', (
      select jsonb_agg(jsonb_build_object(
        'debit_account_id', ${account(10)}, 'credit_account_id', ${account(12)}, 'amount', '1', 'currency', 'USD'
      )) from generate_series(1, ${legs})))) from generate_series(1, ${count}) n)`;

/** So many new holds of one account, and acts on open ones from the n-th on. */
export const newHolds = (count: number, source: string) => `(
  select jsonb_agg(jsonb_build_object(
    'id', ledger.uuid_v7(now()), 'tenant_id', ${tenant(1)}, 'key', 'hold ' || n || random(),
    'fingerprint', ${fingerprint}, 'amount', 1, 'currency', 'USD', 'source_account_id', ${source},
    'destination_account_id', ${account(6)})) from generate_series(1, ${count}) n)`;
export const holdActs = (from: number, count: number) => `(
  select jsonb_agg(jsonb_build_object(
    'id', ledger.uuid_v7(now()), 'tenant_id', ${tenant(1)}, 'key', 'hold ' || n || random(),
    'fingerprint', ${fingerprint},
    'hold_id', '01990000-000d-7000-8000-' || lpad((${from} + 2 * n)::text, 12, '0')))
  from generate_series(1, ${count}) n)`;

/** A month that is long over. */
export const aPeriod = `jsonb_build_object(
  'tenant_id', ${tenant(1)}, 'month', '2024-05-01', 'asked_at', now(), 'actor', 'size')`;
