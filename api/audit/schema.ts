import { z } from 'zod';
import { instant, publicId, text, time } from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';
import { toActor, toSubject } from './names.ts';

const values = z
  .record(z.string(), z.unknown())
  .meta({ id: 'AuditValues', description: 'Values by the names of their fields.' });

/** A change of a setting, key, account or endpoint, as its tenant sees it. */
export const auditRecord = z
  .strictObject({
    id: publicId('auditRecord'),
    object: z.literal('audit_record'),
    actor: z.string().meta({ description: 'Who did it: an API key (`ak_…`), or `operator`.' }),
    action: z.string().meta({ description: 'What was done, such as `account.changed`.' }),
    subject: z.string().meta({ description: 'The id of what was changed.' }),
    before: values.nullable().meta({ description: 'Values before; null for what is new, or where none changed.' }),
    after: values.nullable().meta({ description: 'Values after; null for what is gone, or where none changed.' }),
    detail: values.meta({ description: 'What else was written, such as why.' }),
    created_at: time,
  })
  .meta({
    id: 'AuditRecord',
    description: 'One change, who made it, and the values before and after. Never a secret.',
  });

/** The parameters of `GET /v1/audit`. */
export const auditQuery = z.strictObject({
  ...pageOf('audit'),
  subject: text(64).transform(toSubject).optional().meta({ description: 'The id of what was changed.' }),
  actor: text(64).transform(toActor).optional().meta({ description: 'An API key (`ak_…`), or `operator`.' }),
  action: z
    .string()
    .regex(/^[a-z_]{1,32}\.[a-z_]{1,32}$/, 'must be an action, such as account.changed')
    .optional()
    .meta({ description: 'What was done, such as `account.changed`.' }),
  created_from: instant.optional().meta({ description: 'From this instant on.' }),
  created_to: instant.optional().meta({ description: 'Before this instant.' }),
});
