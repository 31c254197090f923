import { z } from 'zod';
import { eventTypePatterns, type SubjectType, subjectThings } from '../../domain/event.ts';
import { type FeedPlace, feedStart } from '../../ledger/read/event-feed.ts';
import { asNumber, publicId, severalOf, time } from '../http/fields.ts';
import { fromFeedCursor } from './cursor.ts';

const subjectTypes = Object.keys(subjectThings) as [SubjectType, ...SubjectType[]]; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a constant

/** What an event is about. */
export const eventSubject = z
  .strictObject({ type: z.enum(subjectTypes), id: z.string().meta({ description: 'Its id, with its prefix.' }) })
  .meta({ id: 'EventSubject', description: 'The thing that changed.' });

/** What an event rests on. */
const evidence = z
  .record(z.string(), z.unknown())
  .meta({ id: 'Evidence', description: 'What an event rests on, by name.' });

/** One change of one thing. */
export const event = z
  .strictObject({
    id: publicId('event'),
    object: z.literal('event'),
    subject: eventSubject,
    transfer_id: publicId('transfer').nullable().meta({ description: 'The id of a transfer that changed, else null.' }),
    version: z.int().meta({ description: 'Counts the changes of the subject, in their order.' }),
    type: z.string().meta({
      description: "A transfer's by the state that it led to, that of another thing by its cause.",
      examples: ['transfer.completed', 'account.frozen'],
    }),
    from: z.string().nullable().meta({ description: 'The state before it; null for the first.' }),
    to: z.string().meta({ description: 'The state after it.' }),
    cause: z.string().meta({ description: 'What happened: book_posted, reserved, accepted, no_answer, frozen, …' }),
    evidence: evidence.meta({
      description:
        "The evidence. A transfer's `source`: request, ledger, dispatch, reply, inquiry, report, carrier or sweep. Of what a request asked for, `actor` is its key and `reason` what it gave.",
    }),
    created_at: time,
  })
  .meta({ id: 'Event', description: 'One change of one thing.' });

/** Types of events that a client names at once: more than there are subjects. */
export const typesMax = 50;
export const eventTypePattern = z.enum(eventTypePatterns, 'must be a type of events, or one such as transfer.*').meta({
  id: 'EventTypePattern',
  description: 'A type of events (`transfer.completed`), or all of a subject (`transfer.*`).',
});

/** The longest wait: shorter than the patience of common proxies. */
const waitMsMax = 20_000;
/** Bounds the time of one read and the size of one answer. */
const limitMax = 100;

/** A decimal parameter with a maximum. */
const upTo = (max: number) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,5})$/, `must be a number up to ${max}`)
    .transform(Number)
    .refine((value) => value <= max, `must be at most ${max}`);

/** The parameters of `GET /v1/events`. */
export const feedQuery = z.strictObject({
  after: z
    .string()
    .max(256)
    .transform((text, context): FeedPlace | 'latest' => {
      const place = text === 'latest' ? text : fromFeedCursor(text);
      if (place === null)
        context.issues.push({ code: 'custom', message: 'must be a next_cursor of this feed, or latest', input: text });
      return place ?? feedStart;
    })
    .optional()
    .meta({
      description: '`next_cursor` of the answer before; `latest` for what happens from now on. Without it: all events.',
    }),
  type: severalOf(eventTypePatterns, 'types of events').meta({
    description:
      'Only these types (`transfer.completed`), or all of a subject (`transfer.*`). A page may then be empty and yet have more behind it.',
  }),
  limit: upTo(limitMax)
    .refine((limit) => limit > 0, 'must be at least 1')
    .default(limitMax)
    .meta({
      description: `How many, at most ${limitMax}, which is the default.`,
      override: asNumber({ minimum: 1, maximum: limitMax, default: limitMax }),
    }),
  wait_ms: upTo(waitMsMax)
    .default(0)
    .meta({
      description: `How long to wait for an event when there is none, at most ${waitMsMax} ms.`,
      override: asNumber({ minimum: 0, maximum: waitMsMax, default: 0 }),
    }),
});

/** A page of the feed. */
export const eventFeed = z
  .strictObject({
    data: z.array(event),
    next_cursor: z.string().meta({ description: 'Send it as `after` next. There is always one.' }),
    has_more: z.boolean().meta({ description: 'Whether there is more to read now.' }),
    as_of: time.meta({ description: 'When this was read.' }),
    withheld_since: time.nullable().meta({
      description:
        'When the oldest event was committed that is not shown yet, because an earlier commit is still on its way. Usually null or milliseconds ago.',
    }),
  })
  .meta({ id: 'EventFeed', description: 'Oldest first.' });
