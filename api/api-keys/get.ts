import { readApiKey } from '../../ledger/read/api-keys.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { apiKey, apiKeyPath } from './schema.ts';
import { viewOfApiKey } from './view.ts';

/** `GET /v1/api-keys/{id}`. */
export const getApiKey = operation({
  id: 'getApiKey',
  summary: 'Read an API key',
  description: 'The key without its secret, which is not stored.',
  params: apiKeyPath,
  status: 200,
  success: 'The key.',
  response: apiKey,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readApiKey(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfApiKey(row)) : refused('not_found');
  },
});
