import { listApiKeys } from '../../ledger/read/api-keys.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toList, toPageRequest } from '../http/pagination.ts';
import { apiKey, apiKeyQuery } from './schema.ts';
import { viewOfApiKey } from './view.ts';

/** `GET /v1/api-keys`: newest first, including revoked ones. */
export const getApiKeys = operation({
  id: 'listApiKeys',
  summary: 'List API keys',
  description: 'Newest first, those that were revoked among them.',
  query: apiKeyQuery,
  status: 200,
  success: 'One page of keys.',
  response: listOf('ApiKeys', apiKey),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const page = await listApiKeys(deps.reader, caller.tenantId, toPageRequest(query));
    return found(toList('api_keys', page, viewOfApiKey));
  },
});
