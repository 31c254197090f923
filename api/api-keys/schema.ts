import { z } from 'zod';
import { scopes } from '../../domain/scope.ts';
import { idOf, instant, optional, text, time } from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';

/** An API key as clients see it: everything but the secret. */
export const apiKey = z
  .strictObject({
    id: z.string(),
    object: z.literal('api_key'),
    name: z.string(),
    last4: z.string().meta({ description: 'The end of the secret, to recognise the key.' }),
    scopes: z.array(z.string()),
    rate_limit: z.int().nullable().meta({ description: 'Requests a second; null is the default of 100.' }),
    expires_at: time.nullable(),
    revoked_at: time.nullable(),
    created_at: time,
    created_by: z.string().nullable().meta({ description: 'The key that made it; null: an operator.' }),
  })
  .meta({ id: 'ApiKey' });

/** A new key: the only time that its secret is shown. */
export const newlyMadeApiKey = apiKey
  .extend({ secret: z.string().meta({ description: 'Shown once. Send it as `Authorization: Bearer <secret>`.' }) })
  .meta({ id: 'NewlyMadeApiKey' });

/** The body of `POST /v1/api-keys`. */
export const newApiKey = z
  .strictObject({
    name: text(200),
    scopes: z
      .array(z.enum(scopes))
      .min(1)
      .max(scopes.length)
      .meta({ description: 'No scope that the key of this request does not have.' }),
    rate_limit: optional(z.int().min(1).max(100_000)),
    expires_at: optional(instant.refine((date) => date.getTime() > Date.now(), 'must be in the future')),
  })
  .meta({ id: 'NewApiKey' });

export const apiKeyPath = z.strictObject({ id: idOf('apiKey') });
/** The parameters of `DELETE /v1/api-keys/{id}`. */
export const apiKeyRevocation = z.strictObject({
  with_children: z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'must be true or false' }).optional(),
});
export const apiKeyQuery = z.strictObject(pageOf('api_keys'));
