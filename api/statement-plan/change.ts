import { check } from '../../domain/check.ts';
import { readStatementPlan } from '../../ledger/read/statement-plan.ts';
import { found, refused } from '../http/answer.ts';
import { etagOf, expectedVersion } from '../http/if-match.ts';
import { operation } from '../http/operation.ts';
import { refuseReadOnly } from '../http/read-only.ts';
import { planReadOnly, statementPlan, statementPlanChange } from './schema.ts';
import { viewOfPlan } from './view.ts';

/** `PATCH /v1/statement-plan`: changes how later statements are made. Harmless to repeat. */
export const changeStatementPlan = operation({
  id: 'changeStatementPlan',
  summary: 'Change the statement plan',
  description:
    'What `GET` gave may be sent back as it is, changed where you like. With `If-Match`, or with the `version` that was read, it is done only if nobody changed the plan since, else 412. Statements that are cut stay as they are.',
  body: statementPlanChange,
  status: 200,
  success: 'The plan as it is now.',
  hasETag: true,
  response: statementPlan,
  refusals: ['precondition_failed'],
  takesIfMatch: true,
  run: async ({ body, caller, ifMatch }, deps) => {
    const { tenantId, actor } = caller;
    const before = await readStatementPlan(deps.reader, tenantId);
    check(before, 'every tenant has a plan');
    const same = refuseReadOnly(body, viewOfPlan(before), planReadOnly);
    if (!same.ok) return same;
    const { zone, locale, quiet, brand, keep_years: keepYears, version } = body;
    const change = { zone, locale, quiet, brand, keepYears };
    const ifVersion = expectedVersion(ifMatch, version);
    const changed = await deps.ledger.changeStatementPlan({ tenantId, actor, ifVersion, ...change });
    if (!changed.ok) return toRefusal(changed.refusal.code);
    const row = await readStatementPlan(deps.reader, tenantId);
    check(row, 'every tenant has a plan');
    return found(viewOfPlan(row), etagOf(row.version));
  },
});

function toRefusal(code: 'not_found' | 'changed_since' | 'unknown_zone') {
  if (code === 'changed_since') return refused('precondition_failed');
  check(code === 'unknown_zone', 'every tenant has a plan');
  const message = 'must be a time zone that is known here, such as Europe/Warsaw';
  return refused('validation_failed', { errors: [{ pointer: '/zone', code: 'invalid_value', message }] });
}
