import { readApiKey } from '../../ledger/read/api-keys.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { apiKey, apiKeyExpiry, apiKeyPath } from './schema.ts';
import { viewOfApiKey } from './view.ts';

/** `POST /v1/api-keys/{id}/expire`: lets a key end, now or later. Harmless to repeat. */
export const expireApiKey = operation({
  id: 'expireApiKey',
  summary: 'Let an API key end',
  description:
    'Sets when a key ends, never later than it would have: for a program that is to be switched off. Keys that it made stay. One that may be in foreign hands is better revoked, with its children.',
  params: apiKeyPath,
  body: apiKeyExpiry,
  status: 200,
  success: 'The key, with its end.',
  response: apiKey,
  refusals: ['not_found'],
  run: async ({ params, body, caller }, deps) => {
    const { tenantId, actor } = caller;
    const isKnown = await deps.ledger.endApiKey({ id: params.id, tenantId, at: toEnd(body.expires_at), actor });
    const row = isKnown ? await readApiKey(deps.reader, tenantId, params.id) : null;
    return row ? found(viewOfApiKey(row)) : refused('not_found');
  },
});

/** Null, which is now by the ledger's clock, for what is not in the future: a key cannot have ended before it was asked to. */
const toEnd = (at: Date | undefined): Date | null => (at !== undefined && at.getTime() > Date.now() ? at : null);
