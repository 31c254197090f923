import type pg from 'pg';
import { check } from '../../domain/check.ts';
import type { Uuid } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import { isLegible, type QuietMonths, type StatementBrand, type StatementLocale } from '../../domain/statement.ts';
import { call } from '../call.ts';

/** What may change in how a tenant's statements are made; what is absent stays. `ifVersion`: the one that the plan must still have. */
export type PlanChange = {
  tenantId: Uuid;
  actor: string;
  ifVersion?: number | null | undefined;
  zone?: string | undefined;
  locale?: StatementLocale | undefined;
  quiet?: QuietMonths | undefined;
  brand?: StatementBrand | undefined;
  keepYears?: number | undefined;
};

/**
 * Changes the plan; statements that are cut stay as they are. A new zone counts from the month on that is not over yet: that one begins where the last ended. Refusals:
 * `not_found`, `changed_since` (it has another version), `unknown_zone` (not a name of the IANA's that this database has). The accent must be
 * legible. For the API's login. Rules: `ledger.change_statement_plan`.
 */
export async function changeStatementPlan(
  pool: pg.Pool,
  { tenantId, ifVersion, keepYears, ...change }: PlanChange,
): Promise<Result<{ version: number }, { code: 'not_found' | 'changed_since' | 'unknown_zone' }>> {
  check(change.brand === undefined || isLegible(change.brand.accent), 'the accent was checked for its contrast');
  // What is undefined is no member of the JSON.
  const answer = await call<Answer>(pool, 'select ledger.change_statement_plan($1) as answer', [
    { ...change, tenant_id: tenantId, version: ifVersion, keep_years: keepYears, asked_at: new Date() },
  ]);
  return answer.result === 'ok' ? ok({ version: answer.version }) : { ok: false, refusal: { code: answer.result } };
}

type Answer = { result: 'ok'; version: number } | { result: 'not_found' | 'changed_since' | 'unknown_zone' };
