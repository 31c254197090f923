import { z } from 'zod';
import { Bug, check } from '../domain/check.ts';
import { statementLocales } from '../domain/statement.ts';
import { canonical } from './canonical.ts';

/** Minor units, or a sequence number: a whole number of at most 19 digits, as text. */
const whole = z.string().regex(/^(0|-?[1-9][0-9]{0,18})$/);
const count = z.int().nonnegative();
/** With the offset of the zone, so that its first ten characters are the day there. */
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}(Z|[+-]\d{2}:\d{2})$/);
const text = z.string().max(2_000);
const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{26}$`));
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const total = z.strictObject({ count, amount: whole });

const figures = {
  v: z.literal(1),
  id: id('st'),
  kind: z.enum(['monthly', 'final', 'interim']),
  number: z.int().positive().nullable(),
  edition: z.int().positive(),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .nullable(),
  from: instant,
  to: instant,
  zone: text,
  locale: z.enum(statementLocales),
  issued_at: instant,
  account: z.strictObject({
    id: id('ac'),
    name: text,
    reference: text.nullable(),
    currency: z.string().regex(/^[A-Z]{3}$/),
    exponent: z.int().min(0).max(4),
  }),
  brand: z.strictObject({
    name: text,
    address: z.array(text).max(10),
    inquiry: text,
    accent: z.string().regex(/^#[0-9a-f]{6}$/i),
  }),
  opening: whole,
  closing: whole,
  money_in: total,
  money_out: total,
  late: total,
  held: whole,
  from_seq: whole,
  to_seq: whole,
};

/** A posting is a row without names, because a statement has up to 5,000 of them. */
const posting = z.tuple([
  /* seq, at, value_at */ whole,
  instant,
  instant,
  /* amount, balance_after */ whole,
  whole,
  /* text, counterparty, reference */ text,
  text.nullable(),
  text.nullable(),
  /* transfer_id, entry_id, reverses */ id('tr').nullable(),
  id('en'),
  id('en').nullable(),
  /* late */ z.boolean(),
]);
const postings = z.array(posting);

const part = z.strictObject({ n: z.int().positive(), of: z.int().min(2), opening: whole, closing: whole });
const partOfManifest = z.strictObject({
  n: z.int().positive(),
  sha256,
  opening: whole,
  closing: whole,
  postings: count,
  from_seq: whole,
  to_seq: whole,
});

const wholeStatement = z.strictObject({ ...figures, postings });
const partOfStatement = z.strictObject({ ...figures, part, postings });
const manifest = z.strictObject({ ...figures, parts: z.array(partOfManifest).min(2) });

/** A statement with all its postings; one part of a long one; or what names the parts of a long one by their hashes. */
export type StatementDocument =
  | z.infer<typeof wholeStatement>
  | z.infer<typeof partOfStatement>
  | z.infer<typeof manifest>;
export type DocumentWithPostings = Exclude<StatementDocument, { parts: unknown }>;
export type Manifest = Extract<StatementDocument, { parts: unknown }>;
export type PostingRow = z.infer<typeof posting>;

/** Reads a document that buildDocument or buildManifest made. A Bug when it is another, or differs from its canonical form in a byte. */
export function parseDocument(bytes: Uint8Array): StatementDocument {
  const value = z.looseObject({}).parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  const parsed = schemaOf(value).safeParse(value);
  if (!parsed.success) throw new Bug(`not a document of a statement: ${z.prettifyError(parsed.error).slice(0, 500)}`);
  check(Buffer.compare(canonical(parsed.data), bytes) === 0, 'a document of a statement is not in its canonical form');
  return parsed.data;
}

/**
 * The same for bytes whose SHA-256 was compared with the one that was recorded when they were made: they are what was parsed then, and
 * looking at all of it again would keep a program that answers others busy for a hundred milliseconds.
 */
export function readDocument(bytes: Uint8Array): StatementDocument {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const isOfThisForm = typeof value === 'object' && value !== null && 'v' in value && value.v === 1;
  check(isOfThisForm, 'not a document of a statement, of the form 1');
  return value as StatementDocument; // oxlint-disable-line typescript/no-unsafe-type-assertion -- its hash is that of a document that was parsed
}

function schemaOf(value: object) {
  if ('parts' in value) return manifest;
  return 'part' in value ? partOfStatement : wholeStatement;
}
