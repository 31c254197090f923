import { check } from '../../domain/check.ts';
import { readStatementPlan } from '../../ledger/read/statement-plan.ts';
import { found } from '../http/answer.ts';
import { etagOf } from '../http/if-match.ts';
import { operation } from '../http/operation.ts';
import { statementPlan } from './schema.ts';
import { viewOfPlan } from './view.ts';

/** `GET /v1/statement-plan`. */
export const getStatementPlan = operation({
  id: 'getStatementPlan',
  summary: 'Read the statement plan',
  description:
    "How the tenant's statements are made: in which time zone and language, under whose name, and what a month without a posting gets.",
  status: 200,
  success: 'The plan.',
  hasETag: true,
  response: statementPlan,
  refusals: [],
  run: async ({ caller }, deps) => {
    const row = await readStatementPlan(deps.reader, caller.tenantId);
    check(row, 'every tenant has a plan');
    return found(viewOfPlan(row), etagOf(row.version));
  },
});
