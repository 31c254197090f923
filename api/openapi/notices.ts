import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { amount, currencyCode, publicId, referenceShown, time } from '../http/fields.ts';

const ofTransfer = {
  amount: amount.optional(),
  currency: currencyCode.optional(),
  rail: z.string().optional(),
  source_account_id: publicId('account').nullish(),
  destination_account_id: publicId('account').nullish(),
  reference: referenceShown.optional(),
  entry_id: publicId('entry').nullish(),
  refusal: z
    .strictObject({ code: z.string() })
    .meta({ id: 'NoticeRefusal', description: 'Why a transfer was declined, or rejected.' })
    .nullish(),
};

// Not the components of answers: a schema in a request and an answer would be two.
const subject = z
  .looseObject({ type: z.string(), id: z.string() })
  .meta({ id: 'NoticeSubject', description: 'The thing that changed.' });
const evidence = z
  .record(z.string(), z.unknown())
  .meta({ id: 'NoticeEvidence', description: 'What the event rests on, by name.' });

const data = z
  .looseObject({
    object: z.literal('event'),
    id: publicId('event'),
    subject,
    transfer_id: publicId('transfer').nullable(),
    version: z
      .int()
      .meta({ description: 'Counts the changes of the subject: notices of one subject come in this order.' }),
    type: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    cause: z.string(),
    created_at: time,
    ...ofTransfer,
    evidence: evidence.optional(),
  })
  .meta({ id: 'NoticeData', description: 'The event.' });

/** The body of a notice, as `activities/notices/payload.ts` writes it. The last fields are there for transfers, `evidence` for other things. */
export const notice = z
  .looseObject({
    type: z.string().meta({ description: 'The type of the event, such as `transfer.completed`.' }),
    timestamp: time.meta({ description: 'When it happened.' }),
    data,
  })
  .meta({ id: 'Notice', description: 'What happened to a thing. Fields may be added.' });

const signed = z.object({
  'webhook-id': publicId('event').meta({ description: 'The event. The same notice may come twice.' }),
  'webhook-timestamp': z.string().meta({ description: 'When it was sent, in seconds of Unix time.' }),
  'webhook-signature': z.string().meta({ description: 'Signatures (Standard Webhooks), with spaces between.' }),
});

/** What the platform sends to webhook endpoints. */
export const noticeWebhooks: ZodOpenApiPathsObject = {
  notice: {
    post: {
      operationId: 'receiveNotice',
      summary: 'A notice of an event',
      description:
        'Sent to each enabled endpoint that wants this type of event, until it is accepted. Check the signature over the raw bytes, store it, answer, and work afterwards.',
      tags: ['Webhook endpoints'],
      security: [],
      requestParams: { header: signed },
      requestBody: { required: true, content: { 'application/json': { schema: notice } } },
      responses: { '204': { description: 'Any 2xx: it is not sent again. Anything else: it is.' } },
    },
  },
};
