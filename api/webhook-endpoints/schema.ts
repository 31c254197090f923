import { z } from 'zod';
import { isPlain } from '../../domain/text.ts';
import { eventSubject, eventTypePattern, typesMax } from '../events/schema.ts';
import { idOf, instant, optional, plainMessage, publicId, text, time } from '../http/fields.ts';
import { versionCondition } from '../http/if-match.ts';
import { pageOf } from '../http/pagination.ts';
import { readOnly } from '../http/read-only.ts';

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
    id: publicId('webhookEndpoint'),
    object: z.literal('webhook_endpoint'),
    url: z.string(),
    description: z.string().nullable(),
    event_types: z.array(eventTypePattern).nullable().meta({ description: 'The events that are sent; null is all.' }),
    status: z.enum(['enabled', 'disabled']),
    disabled_reason: z.string().nullable().meta({ description: 'Why the platform disabled it, or null.' }),
    old_secret_until: time
      .nullable()
      .meta({ description: 'Until then the secret before the last rotation signs too.' }),
    version: z.int().meta({ description: 'Changes with each change of the endpoint. Also its `ETag`.' }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'WebhookEndpoint', description: 'An address that gets notices.' });

/** A new endpoint: the only time that its signing secret is shown. */
export const newlyMadeWebhookEndpoint = webhookEndpoint
  .extend({ secret: z.string().meta({ description: 'Shown once. Notices are signed with it (Standard Webhooks).' }) })
  .meta({ id: 'NewlyMadeWebhookEndpoint', description: 'A new endpoint, with its signing secret.' });

/** Which events make notices. */
const eventTypes = z
  .array(eventTypePattern)
  .min(1, 'must name an event; null is all')
  .max(typesMax)
  .meta({ description: 'Types (`transfer.completed`) or all of a subject (`transfer.*`). Null is all events.' });

/** The body of `POST /v1/webhook-endpoints`. */
export const newWebhookEndpoint = z
  .strictObject({ url, description: optional(text(200)), event_types: optional(eventTypes) })
  .meta({ id: 'NewWebhookEndpoint', description: 'An endpoint to make.' });

/** What a change of an endpoint cannot change. Why it was disabled and the time of its last change move by themselves. */
export const endpointReadOnly = ['id', 'object', 'created_at'] as const;

/** The body of `PATCH /v1/webhook-endpoints/{id}`. */
export const webhookEndpointChange = z
  .strictObject({
    url: url.optional(),
    description: text(200).nullish().meta({ description: 'Null removes it.' }),
    event_types: eventTypes.nullish(),
    status: z.enum(['enabled', 'disabled']).optional(),
    version: versionCondition,
    id: readOnly(publicId('webhookEndpoint')),
    object: readOnly(z.literal('webhook_endpoint')),
    disabled_reason: readOnly(z.string().nullable()),
    old_secret_until: readOnly(time.nullable()),
    created_at: readOnly(time),
    updated_at: readOnly(time),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({
    id: 'WebhookEndpointChange',
    override: { minProperties: 1 },
    description: 'What to change; at least one field.',
  });

const deliveryOutcomes = ['delivered', 'failed', 'given_up'] as const;

/** One try to deliver a notice. */
export const delivery = z
  .strictObject({
    id: publicId('delivery'),
    object: z.literal('delivery'),
    webhook_endpoint_id: publicId('webhookEndpoint'),
    event_id: publicId('event'),
    subject: eventSubject,
    transfer_id: publicId('transfer').nullable(),
    try: z.int().meta({ description: 'The number of the try, from 1.' }),
    outcome: z.enum(deliveryOutcomes),
    status: z.int().nullable().meta({ description: "The receiver's HTTP status, or null when there was none." }),
    error: z.string().nullable().meta({ description: 'Why there was no answer, or null.' }),
    took_ms: z.int().meta({ description: 'Milliseconds until the answer, or until there was none.' }),
    created_at: time,
  })
  .meta({ id: 'Delivery', description: 'One try to deliver a notice.' });

export const endpointPath = z.strictObject({ id: idOf('webhookEndpoint') });
export const endpointQuery = z.strictObject(pageOf('webhook_endpoints'));
export const deliveryPath = z.strictObject({ id: idOf('webhookEndpoint'), delivery_id: idOf('delivery') });
export const deliveryQuery = z.strictObject({
  ...pageOf('deliveries'),
  outcome: z.enum(deliveryOutcomes).optional().meta({ description: 'Tries with this outcome.' }),
  created_from: instant.optional().meta({ description: 'Tries at this instant or later.' }),
  created_to: instant.optional().meta({ description: 'Tries before this instant.' }),
});

/** A week: longer than any receiver takes to get its new secret. */
const overlapSecondsMax = 604_800;

/** The body of `POST /v1/webhook-endpoints/{id}/secret/rotate`. */
export const secretRotation = z
  .strictObject({
    overlap_seconds: z.int().min(0).max(overlapSecondsMax).default(86_400).meta({
      description: 'How long the secret of before signs as well: a day unless given, a week at most. 0 after a leak.',
    }),
  })
  .meta({ id: 'SecretRotation', description: 'How a signing secret gives way to a new one.' });

export const testNotice = z
  .strictObject({ object: z.literal('test_notice'), webhook_endpoint_id: z.string(), type: z.string() })
  .meta({ id: 'TestNotice', description: 'A notice that will be sent to try an endpoint.' });

export const replayedDelivery = z
  .strictObject({
    object: z.literal('replay'),
    delivery_id: z.string(),
    webhook_endpoint_id: z.string(),
    replayed: z.boolean().meta({ description: 'False when the notice was due already.' }),
    webhook_endpoint_status: z.enum(['enabled', 'disabled']),
  })
  .meta({ id: 'Replay', description: 'A notice that will be sent again.' });
