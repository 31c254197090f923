import { z } from 'zod';
import { toPublic } from '../../domain/ids.ts';
import { found } from '../http/answer.ts';
import { publicId, time } from '../http/fields.ts';
import { operation } from '../http/operation.ts';

const tenantOfKey = z
  .strictObject({ id: publicId('tenant'), name: z.string() })
  .meta({ id: 'Tenant', description: 'Whose things a key sees.' });

const me = z
  .strictObject({
    id: publicId('apiKey'),
    object: z.literal('api_key'),
    name: z.string(),
    scopes: z.array(z.string()),
    rate_limit: z.int().meta({ description: 'Requests a second.' }),
    account_ids: z
      .array(publicId('account'))
      .nullable()
      .meta({ description: 'The only accounts that it may take money from, and change.' }),
    amount_max: z.string().nullable().meta({ description: 'The largest amount of one request, in minor units.' }),
    addresses: z.array(z.string()).nullable().meta({ description: 'The only networks that it is taken from.' }),
    expires_at: time.nullable().meta({ description: 'When it ends, or null.' }),
    tenant: tenantOfKey,
  })
  .meta({ id: 'Me', description: 'The key of a request, and its tenant.' });

/** `GET /v1/me`: the tenant of this key, its scopes and its restrictions. */
export const getMe = operation({
  id: 'getMe',
  summary: 'Read who you are',
  description:
    'The key of this request: its tenant, its scopes, its restrictions, and how many requests a second it may make.',
  status: 200,
  success: 'The key of this request.',
  response: me,
  refusals: [],
  run: async ({ caller }) =>
    found({
      id: toPublic('apiKey', caller.keyId),
      object: 'api_key',
      name: caller.keyName,
      scopes: caller.scopes,
      rate_limit: caller.rateLimit,
      account_ids: caller.accountIds?.map((id) => toPublic('account', id)) ?? null,
      amount_max: caller.amountMax?.toString() ?? null,
      addresses: caller.addresses,
      expires_at: caller.expiresAt?.toISOString() ?? null,
      tenant: { id: toPublic('tenant', caller.tenantId), name: caller.tenantName },
    }),
});
