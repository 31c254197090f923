import { readStatement } from '../../ledger/read/statements.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { statement, statementPath } from './schema.ts';
import { viewOfStatement } from './view.ts';

/** `GET /v1/statements/{id}`. */
export const getStatement = operation({
  id: 'getStatement',
  summary: 'Read a statement',
  description: 'Its figures, and whether its files are made. Ask for a link to download one.',
  params: statementPath,
  shows: { type: 'statement', of: ({ params }) => params.id },
  status: 200,
  success: 'The statement.',
  response: statement,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readStatement(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfStatement(row)) : refused('not_found');
  },
});
