import { z } from 'zod';
import { postingsPerPart, statementKinds, statementStatuses } from '../../domain/statement.ts';
import { currencyCode, idOf, publicId, referenceShown, sequence, sum, time } from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';

/** The forms that a statement has. The first two are stored; the others are made of the stored document when they are downloaded. */
const fileFormats = ['pdf', 'json', 'csv', 'camt'] as const;
export type FileFormat = (typeof fileFormats)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A month as a tenant names it: of the calendar of its time zone. */
export const month = z
  .string()
  .regex(/^[12][0-9]{3}-(0[1-9]|1[0-2])$/, 'must be a month, such as 2026-10')
  .meta({ description: 'A month in the time zone of the statement plan.', examples: ['2026-10'] });

const flow = z
  .strictObject({ count: z.int(), amount: sum })
  .meta({ id: 'StatementFlow', description: 'How many postings, and their sum.' });

/** A statement as clients see it. */
export const statement = z
  .strictObject({
    id: publicId('statement'),
    object: z.literal('statement'),
    account_id: publicId('account'),
    currency: currencyCode,
    kind: z.enum(statementKinds).meta({
      description:
        "monthly: of a month, or of several without postings. final: the account's last, up to its closing. interim: asked for, from the end of the last numbered one to that moment.",
    }),
    number: z
      .int()
      .nullable()
      .meta({ description: "The account's number of it, from 1 without gaps; null for interim ones." }),
    edition: z.int().meta({ description: 'From 1. A later edition has the same figures, and is printed again.' }),
    month: month.nullable().meta({ description: 'The month that it ends in; null for interim ones.' }),
    starts_at: time.meta({ description: 'Its first instant: where the one before ended.' }),
    ends_at: time.meta({ description: 'The first instant after it.' }),
    zone: z.string().meta({ description: 'The time zone of its days (IANA).', examples: ['Europe/Warsaw'] }),
    opening_balance: sum.meta({ description: 'The closing balance of the one before.' }),
    closing_balance: sum.meta({ description: 'opening_balance + money_in - money_out.' }),
    money_in: flow.nullable().meta({ description: 'What raised the balance. Null until it is ready.' }),
    money_out: flow.nullable().meta({
      description: 'What lowered the balance; the amount is positive. Null until it is ready.',
    }),
    late: flow.nullable().meta({
      description:
        'Of these postings, those with a value date of an earlier statement, which stands as it is; the amount is the sum of both directions. Null until it is ready.',
    }),
    held: sum.meta({ description: 'Of the closing balance, what was held at that moment.' }),
    from_seq: sequence.meta({ description: 'The number of the last posting before it.' }),
    to_seq: sequence.meta({ description: 'The number of its last posting: it has those from from_seq + 1 on.' }),
    status: z.enum(statementStatuses).meta({
      description: 'cut: its figures are final, its files are being made. ready: they can be downloaded.',
    }),
    document_sha256: sha256.nullable().meta({
      description: 'SHA-256 of its canonical JSON (RFC 8785), hex: what is frozen. Null until it is ready.',
    }),
    parts: z.int().meta({
      description: `How many documents it has: one, and above ${postingsPerPart.toLocaleString('en')} postings several.`,
    }),
    replaces_id: publicId('statement').nullable().meta({ description: 'The edition before.' }),
    replaced_by_id: publicId('statement').nullable().meta({ description: 'The edition after.' }),
    created_at: time.meta({ description: 'When it was cut.' }),
    ready_at: time.nullable(),
  })
  .meta({
    id: 'Statement',
    description: 'What happened on one account in one period. Its figures never change.',
  });

export type StatementView = z.infer<typeof statement>;

/** The body of `POST /v1/statements`. */
export const newStatement = z
  .strictObject({ account_id: idOf('account').meta({ description: 'A customer or a funding account.' }) })
  .meta({ id: 'NewStatement', description: 'A statement to make now.' });

/** Statement ids in paths. */
export const statementPath = z.strictObject({ id: idOf('statement') });

/** The parameters of `GET /v1/statements`. */
export const statementQuery = z.strictObject({
  ...pageOf('statements'),
  account_id: idOf('account').optional().meta({ description: 'Statements of this account.' }),
  month: month.optional().meta({ description: 'Statements that end in this month, such as `2026-10`.' }),
  kind: z.enum(statementKinds).optional().meta({ description: 'Statements of this kind.' }),
  status: z.enum(statementStatuses).optional().meta({ description: 'Statements with this status.' }),
});

/** The parameters of `GET /v1/statements/{id}/postings`. */
export const statementPostingQuery = z.strictObject(pageOf('statement_postings'));

/** A posting as its statement prints it. */
export const statementPosting = z
  .strictObject({
    object: z.literal('statement_posting'),
    seq: sequence.meta({ description: "The account's number of this posting, without gaps." }),
    amount: sum.meta({ description: "Positive where it raised the account's balance." }),
    balance_after: sum.meta({ description: 'What was posted on the account after it.' }),
    description: z.string().meta({ description: 'What the statement prints for it.' }),
    counterparty: z.string().nullable().meta({ description: 'The name of the other side, or null.' }),
    reference: referenceShown,
    transfer_id: publicId('transfer').nullable(),
    entry_id: publicId('entry'),
    reverses_id: publicId('entry').nullable().meta({ description: 'The entry that its entry reverses, or null.' }),
    is_late: z.boolean().meta({ description: 'Whether its value date is before the statement begins.' }),
    effective_at: time.meta({ description: 'Its value date.' }),
    created_at: time,
  })
  .meta({ id: 'StatementPosting', description: 'A posting as its statement prints it.' });

/** The largest number of a part: 50 million postings. */
const partMax = 10_000;

/** The body of `POST /v1/statements/{id}/links`. */
export const newStatementLink = z
  .strictObject({
    format: z.enum(fileFormats).meta({
      description:
        '`pdf` is PDF/A-3 and PDF/UA. `json` is the document itself. `csv` has a line for each posting. `camt` is ISO 20022: camt.053, of an interim statement camt.052.',
    }),
    part: z.int().min(1).max(partMax).nullish().meta({
      description:
        'Which part, from 1, of a statement that has several. Without it: of `pdf` and `json` the list of the parts with their hashes, of `csv` all of them in one file; `camt` needs it.',
    }),
  })
  .meta({ id: 'NewStatementLink', description: 'What to download.' });

/** A link to a file. */
export const statementLink = z
  .strictObject({
    object: z.literal('statement_link'),
    statement_id: publicId('statement'),
    format: z.enum(fileFormats),
    part: z.int().nullable(),
    url: z.url().meta({
      description: 'Who has it can read the file, without a key, until `expires_at`. Send it to nobody.',
      examples: ['https://files.example.com/…'],
    }),
    filename: z.string().meta({ description: 'The name that the file is downloaded under.' }),
    expires_at: time,
    sha256: sha256.nullable().meta({
      description: 'SHA-256 of the file, hex. Null for `csv` and `camt`, which are made when they are downloaded.',
    }),
    bytes: z.int().nullable().meta({ description: 'The length of the file; null likewise.' }),
  })
  .meta({ id: 'StatementLink', description: 'A link to a file of a statement, for five minutes.' });
