import { z } from 'zod';
import { idOf, publicId, time } from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';
import { readOnly } from '../http/read-only.ts';
import { month } from '../statements/schema.ts';

const statuses = ['waiting', 'cutting', 'making', 'closed'] as const;
/** More a minute than all workers of a large installation make. */
const paceMax = 1_000_000;

const pace = z
  .int()
  .min(0)
  .max(paceMax)
  .nullable()
  .meta({ description: 'How many statements a minute are made at most; 0 pauses it, null leaves it free.' });

/** The making of a tenant's statements of one month. */
export const statementRun = z
  .strictObject({
    object: z.literal('statement_run'),
    tenant_id: publicId('tenant'),
    month,
    status: z.enum(statuses).meta({
      description:
        'waiting: the month is over, and its last commits may be on their way. cutting: where each statement ends is written down. making: their files are made. closed: all are ready.',
    }),
    zone: z.string().meta({ description: 'The time zone in which the month was computed.' }),
    starts_at: time,
    ends_at: time,
    pace,
    statements: z.int().meta({ description: 'How many statements it has so far.' }),
    ready: z.int().meta({ description: 'How many of them are ready.' }),
    left: z.int().meta({ description: 'How many are not.' }),
    ready_per_minute: z
      .int()
      .nullable()
      .meta({ description: 'How many became ready in a minute, over the last one to two; null while it is not cut.' }),
    seconds_left: z.int().nullable().meta({
      description:
        'How long the others take at that speed, about; null where nobody can say, as when nothing became ready in the last minutes or it is paused.',
    }),
    attention: z.int().meta({ description: 'How many of the others need attention: a person should look.' }),
    created_at: time,
    closed_at: time.nullable(),
  })
  .meta({ id: 'StatementRun', description: "The making of a tenant's statements of one month." });

export type StatementRunView = z.infer<typeof statementRun>;

/** The parameters of `GET /v1/statement-runs`. */
export const statementRunQuery = z.strictObject(pageOf('statement_runs'));

/** A run in paths. */
export const statementRunPath = z.strictObject({ tenant_id: idOf('tenant'), month });

/** What a change of a run cannot change. How far it has come moves by itself. */
export const runReadOnly = ['object', 'tenant_id', 'month', 'zone', 'starts_at', 'ends_at', 'created_at'] as const;

/** The body of `PATCH /v1/statement-runs/{tenant_id}/{month}`. */
export const statementRunChange = z
  .strictObject({
    pace,
    object: readOnly(z.literal('statement_run')),
    tenant_id: readOnly(publicId('tenant')),
    month: readOnly(month),
    status: readOnly(z.enum(statuses)),
    zone: readOnly(z.string()),
    starts_at: readOnly(time),
    ends_at: readOnly(time),
    statements: readOnly(z.int()),
    ready: readOnly(z.int()),
    left: readOnly(z.int()),
    ready_per_minute: readOnly(z.int().nullable()),
    seconds_left: readOnly(z.int().nullable()),
    attention: readOnly(z.int()),
    created_at: readOnly(time),
    closed_at: readOnly(time.nullable()),
  })
  .meta({ id: 'StatementRunChange', description: 'Another pace.' });
