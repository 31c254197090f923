import { readApiKey } from '../../ledger/read/api-keys.ts';
import { denied, found } from '../http/answer.ts';
import { endpoint } from '../http/operation.ts';
import { apiKey, apiKeyPath } from './schema.ts';
import { viewOfApiKey } from './view.ts';

/** `GET /v1/api-keys/{id}`. */
export const getApiKey = endpoint({
  summary: 'Read an API key',
  params: apiKeyPath,
  status: 200,
  gives: apiKey,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readApiKey(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfApiKey(row)) : denied('not_found');
  },
});
