import { z } from 'zod';
import { isPlain } from '../../domain/text.ts';
import { idOf, optional, plainMessage, text, time } from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';

/** URLs of receivers are far shorter. The limit of what is stored, which may be longer than what was sent, is in `domain/webhook-url.ts`. */
const urlMax = 2_048;

/** The address of an endpoint, as far as its text goes. Whether it may be connected to is checked in `url.ts` and at delivery. */
const url = z
  .url({ protocol: /^https?$/, error: 'must be an https address' })
  .max(urlMax)
  .refine(isPlain, plainMessage)
  .meta({ description: 'https, without user or password. Its addresses are checked at every delivery.' });

/** A webhook endpoint as clients see it. */
export const webhookEndpoint = z
  .strictObject({
    id: z.string(),
    object: z.literal('webhook_endpoint'),
    url: z.string(),
    description: z.string().nullable(),
    status: z.enum(['enabled', 'disabled']),
    disabled_reason: z.string().nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'WebhookEndpoint' });

/** A new endpoint: the only time that its signing secret is shown. */
export const newlyMadeWebhookEndpoint = webhookEndpoint
  .extend({ secret: z.string().meta({ description: 'Shown once. Notices are signed with it (Standard Webhooks).' }) })
  .meta({ id: 'NewlyMadeWebhookEndpoint' });

/** The body of `POST /v1/webhook-endpoints`. */
export const newWebhookEndpoint = z
  .strictObject({ url, description: optional(text(200)) })
  .meta({ id: 'NewWebhookEndpoint' });

/** The body of `PATCH /v1/webhook-endpoints/{id}`. */
export const webhookEndpointChange = z
  .strictObject({
    url: url.optional(),
    description: text(200).nullish().meta({ description: 'Null removes it.' }),
    status: z.enum(['enabled', 'disabled']).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'WebhookEndpointChange' });

/** One try to deliver a notice. */
export const delivery = z
  .strictObject({
    id: z.string(),
    object: z.literal('delivery'),
    webhook_endpoint_id: z.string(),
    event_id: z.string(),
    transfer_id: z.string(),
    try: z.int(),
    outcome: z.enum(['delivered', 'failed', 'given_up']),
    status: z.int().nullable().meta({ description: "The receiver's HTTP status, or null when there was none." }),
    error: z.string().nullable(),
    took_ms: z.int(),
    created_at: time,
  })
  .meta({ id: 'Delivery' });

export const endpointPath = z.strictObject({ id: idOf('webhookEndpoint') });
export const endpointQuery = z.strictObject(pageOf('webhook_endpoints'));
export const deliveryQuery = z.strictObject(pageOf('deliveries'));
