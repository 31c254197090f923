import { z } from 'zod';
import { toPublic } from '../../domain/ids.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';

const me = z
  .strictObject({
    id: z.string(),
    object: z.literal('api_key'),
    name: z.string(),
    scopes: z.array(z.string()),
    rate_limit: z.int(),
    tenant: z.strictObject({ id: z.string(), name: z.string() }),
  })
  .meta({ id: 'Me' });

/** `GET /v1/me`: the tenant of this key, and its scopes. */
export const getMe = operation({
  summary: 'Read who you are',
  status: 200,
  response: me,
  refusals: [],
  run: async ({ caller }) =>
    found({
      id: toPublic('apiKey', caller.keyId),
      object: 'api_key',
      name: caller.keyName,
      scopes: caller.scopes,
      rate_limit: caller.rateLimit,
      tenant: { id: toPublic('tenant', caller.tenantId), name: caller.tenantName },
    }),
});
