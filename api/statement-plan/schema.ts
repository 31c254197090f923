import { z } from 'zod';
import { brandLimits, isLegible, quietMonths, statementLocales } from '../../domain/statement.ts';
import { text, time } from '../http/fields.ts';
import { versionCondition } from '../http/if-match.ts';
import { readOnly } from '../http/read-only.ts';
import { month } from '../statements/schema.ts';

/** The law of most countries is content with seven; no law that we know asks for more. */
const keepYearsMax = 15;

const zone = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9+_/-]{0,63}$/, 'must be the name of a time zone, such as Europe/Warsaw')
  .meta({ description: 'The time zone of its months and days (IANA).', examples: ['Europe/Warsaw'] });
const locale = z
  .enum(statementLocales)
  .meta({ description: 'How amounts and dates are written, and in which language the words around them.' });
const quiet = z.enum(quietMonths).meta({
  description:
    'What a month without a posting gets. monthly: a statement that says so. quarterly: one at the end of a quarter. skipped: none until something is posted. The next statement covers all that was skipped.',
});
const keepYears = z.int().meta({
  description:
    'How long the files are kept, in years from the end of each statement; longer where the platform must. Nobody can delete them before.',
});

const accent = /^#[0-9a-f]{6}$/;

/** Who issues the statements, as clients see it. */
const brand = z
  .strictObject({
    name: z.string().meta({ description: 'The name at their head.' }),
    address: z.array(z.string()).meta({ description: 'The address below it, line by line.' }),
    inquiry: z.string().meta({ description: 'Whom a reader asks who has a question or found an error.' }),
    accent: z
      .string()
      .regex(accent)
      .meta({ description: 'The colour of headings.', examples: ['#1f4e79'] }),
  })
  .meta({ id: 'StatementBrand', description: 'Who issues the statements, as they print it.' });

/** The same in a request. */
const newBrand = z
  .strictObject({
    name: text(brandLimits.name).meta({ description: 'The name at their head.' }),
    address: z
      .array(text(brandLimits.addressLine))
      .max(brandLimits.addressLines)
      .meta({ description: 'The address below it, line by line.' }),
    inquiry: text(brandLimits.inquiry).meta({
      description: 'Whom a reader asks who has a question or found an error: an address, a page, a telephone number.',
    }),
    accent: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, { error: 'must be a colour such as #1f4e79', abort: true })
      .refine(isLegible, 'must be dark enough to be read on white: a contrast of 4.5')
      .transform((colour) => colour.toLowerCase())
      .meta({ description: 'The colour of headings, dark enough to be read on white.', examples: ['#1f4e79'] }),
  })
  .meta({
    id: 'NewStatementBrand',
    description: 'Who issues the statements. All of it: what is left out is not kept.',
  });

const next = z
  .strictObject({
    month,
    starts_at: time.meta({ description: 'Where the month before it ended.' }),
    ends_at: time.meta({
      description: 'When it is over, in the time zone of the plan. Statements follow within the hour.',
    }),
  })
  .meta({ id: 'StatementMonth', description: 'The month that is not over: the next that statements are made of.' });

/** How a tenant's statements are made, as clients see it. */
export const statementPlan = z
  .strictObject({
    object: z.literal('statement_plan'),
    zone,
    locale,
    quiet,
    keep_years: keepYears,
    brand,
    next,
    version: z.int().meta({ description: 'Changes with each change of the plan. Also its `ETag`.' }),
    created_at: time,
    updated_at: time,
  })
  .meta({
    id: 'StatementPlan',
    description: "How a tenant's statements are made. What is cut keeps what it was cut with.",
  });

export type StatementPlanView = z.infer<typeof statementPlan>;

/** What a change of the plan cannot change. */
export const planReadOnly = ['object', 'created_at'] as const;

/** The body of `PATCH /v1/statement-plan`. */
export const statementPlanChange = z
  .strictObject({
    zone: zone
      .optional()
      .meta({ description: 'Counts from the month on that is not over: it begins where the last one ended.' }),
    locale: locale.optional(),
    quiet: quiet.optional(),
    keep_years: keepYears.min(1).max(keepYearsMax).optional(),
    brand: newBrand.optional(),
    version: versionCondition,
    object: readOnly(z.literal('statement_plan')),
    next: readOnly(next),
    created_at: readOnly(time),
    updated_at: readOnly(time),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({
    id: 'StatementPlanChange',
    override: { minProperties: 1 },
    description: 'What to change; at least one field. Statements that are cut stay as they are.',
  });
