import { z } from 'zod';
import { toNetwork } from '../../domain/network.ts';
import { scopes } from '../../domain/scope.ts';
import { amount, flag, idOf, instant, optional, publicId, text, time } from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';

const accountsDescription =
  'The only accounts that the key may take money from, and change; null: all of the tenant. It does not narrow what the key reads: its scopes do.';
const amountDescription =
  'The largest amount of one request, all legs of an entry together, in minor units of whatever currency; null: any.';
const addressesDescription =
  'The only networks that the key is taken from, in CIDR notation; null: from anywhere. Behind proxies the platform has to know them (TRUSTED_PROXIES).';

/** An API key as clients see it: everything but the secret. */
export const apiKey = z
  .strictObject({
    id: publicId('apiKey'),
    object: z.literal('api_key'),
    name: z.string(),
    last4: z.string().meta({ description: 'The end of the secret, to recognise the key.' }),
    scopes: z.array(z.string()).meta({ description: 'What it may do.' }),
    rate_limit: z.int().nullable().meta({ description: 'Requests a second; null is the default of 100.' }),
    account_ids: z.array(publicId('account')).nullable().meta({ description: accountsDescription }),
    amount_max: amount.nullable().meta({ description: amountDescription }),
    addresses: z.array(z.string()).nullable().meta({ description: addressesDescription }),
    expires_at: time.nullable().meta({ description: 'When it ends, or null.' }),
    revoked_at: time.nullable().meta({ description: 'Since when it no longer works, or null.' }),
    created_at: time,
    created_by: publicId('apiKey').nullable().meta({ description: 'The key that made it; null: an operator.' }),
    replaces_id: publicId('apiKey')
      .nullable()
      .meta({ description: 'The key that it was made to replace, by a rotation.' }),
    last_used_at: time.nullable().meta({
      description:
        'About when it was used last: written every half minute, for each key once a minute at most, and lost when a process of the API dies. Null: not known to be used.',
    }),
  })
  .meta({ id: 'ApiKey', description: 'An API key, without its secret.' });

/** A new key: the only time that its secret is shown. */
export const newlyMadeApiKey = apiKey
  .extend({ secret: z.string().meta({ description: 'Shown once. Send it as `Authorization: Bearer <secret>`.' }) })
  .meta({ id: 'NewlyMadeApiKey', description: 'A new key, with its secret.' });

const future = instant.refine((date) => date.getTime() > Date.now(), 'must be in the future');

const network = z
  .string('must be text')
  .max(64, 'must be at most 64 characters')
  .transform((value, context) => {
    const read = toNetwork(value);
    if (read === null)
      context.issues.push({
        code: 'custom',
        message: 'must be an address or a network such as 192.0.2.0/24, without bits after the prefix',
        input: value,
      });
    return read ?? '';
  });

/** The body of `POST /v1/api-keys`. */
export const newApiKey = z
  .strictObject({
    name: text(200),
    scopes: z
      .array(z.enum(scopes))
      .min(1)
      .max(scopes.length)
      .meta({ description: 'No scope that the key of this request does not have.' }),
    rate_limit: optional(z.int().min(1).max(100_000)).meta({ description: 'Requests a second.' }),
    account_ids: optional(z.array(idOf('account')).min(1).max(50)).meta({ description: accountsDescription }),
    amount_max: optional(amount).meta({ description: amountDescription }),
    addresses: optional(z.array(network).min(1).max(20)).meta({ description: addressesDescription }),
    expires_at: optional(future),
  })
  .meta({ id: 'NewApiKey', description: 'A key to make.' });

/** The longest that a key and the one that replaces it both work: a week. */
const overlapSecondsMax = 604_800;
/** An hour: the time in which the programs of a client get their new key. */
export const overlapSecondsDefault = 3_600;

/** The body of `POST /v1/api-keys/{id}/rotate`. */
export const apiKeyRotation = z
  .strictObject({
    overlap_seconds: optional(z.int().min(0).max(overlapSecondsMax)).meta({
      description: `How long the old key works on; ${overlapSecondsDefault} unless given, 0: it ends at once. It never ends later than it would have.`,
    }),
    expires_at: optional(future).meta({
      description: 'When the new key ends; absent: when the old one would have ended.',
    }),
  })
  .meta({ id: 'ApiKeyRotation', description: 'How a key is replaced.' });

/** The body of `POST /v1/api-keys/{id}/expire`. */
export const apiKeyExpiry = z
  .strictObject({
    expires_at: optional(instant).meta({
      description: 'When it ends, unless it ends before that anyway. Absent or past: now.',
    }),
  })
  .meta({ id: 'ApiKeyExpiry', description: 'When a key ends.' });

export const apiKeyPath = z.strictObject({ id: idOf('apiKey') });
/** The parameters of `DELETE /v1/api-keys/{id}`. */
export const apiKeyRevocation = z.strictObject({
  with_children: flag
    .optional()
    .meta({ description: 'true: revoke the keys that it made, they made, and so on, too.' }),
});
export const apiKeyQuery = z.strictObject(pageOf('api_keys'));
