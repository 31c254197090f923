import { z } from 'zod';
import { amountForm, type Currency, currencies } from '../../domain/currency.ts';
import { fromPublic, prefixes, type Thing, type Uuid } from '../../domain/ids.ts';

/** Schemas of fields that many requests share. The message of each says what is expected and never repeats the value. */

const codesOfCurrencies = Object.keys(currencies) as [Currency, ...Currency[]]; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a constant

export const currency = z
  .enum(codesOfCurrencies, 'must be the code of a currency that GET /v1/currencies lists')
  .meta({ id: 'Currency', description: 'ISO 4217 code, upper case.' });

export const amount = z
  .string('must be a string of digits')
  .regex(amountForm, 'must be minor units: 1 to 18 digits, no sign, no leading zero')
  .meta({ id: 'Amount', description: 'Minor units (cents, pence, yen), as a string of digits.', examples: ['1250'] });

/** A public id of some thing, read into its UUID. */
export const idOf = (thing: Thing) =>
  z
    .string('must be an id')
    .transform((text, context): Uuid => {
      const uuid = fromPublic(thing, text);
      if (uuid === null)
        context.issues.push({
          code: 'custom',
          message: `must be an id that begins with ${prefixes[thing]}_`,
          input: text,
        });
      return uuid ?? '';
    })
    .meta({ examples: [`${prefixes[thing]}_01k0example0000000000000000`] });

// Control characters and line separators break files and logs; bidirectional controls make a text read as another.
const forbidden = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Whether a text has nothing that breaks a file, a log or the database, or that misleads a reader. */
export const isPlain = (value: string): boolean => !forbidden.test(value);

/** The message for a text that is not plain. */
export const plainMessage = 'must be one line, without control characters or direction marks';

/** Text for people, kept unchanged. */
export const text = (max: number) =>
  z
    .string('must be text')
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .refine(isPlain, plainMessage)
    .refine((value) => /\S/u.test(value), 'must not be only white space')
    .meta({ description: 'One line, without control characters.' });

export const reference = text(200).meta({ description: "The client's own name for it. Need not be unique." });

/** With 40 characters a name and 500 a text, metadata stays below half of a body. */
const metadataFieldsMax = 50;
export const metadata = z
  .record(
    z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'names must be 1 to 40 letters, digits, _ or -'),
    text(500),
    'must be an object of texts',
  )
  .refine((value) => Object.keys(value).length <= metadataFieldsMax, `must have at most ${metadataFieldsMax} fields`)
  .meta({ id: 'Metadata', description: `Up to ${metadataFieldsMax} texts of the client, by name.` });

/** An instant with its offset, read into a Date. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time with its offset, such as 2026-11-21T13:00:00Z (RFC 3339)' })
  .transform((value) => new Date(value))
  .refine((date) => date.getUTCFullYear() >= 1970 && date.getUTCFullYear() <= 9999, 'must be between 1970 and 9999');

/** The path of one thing: `/v1/things/{id}`. An id of another form names nothing, so it is 404 and not 400. */
export const pathId = (thing: Thing) => z.strictObject({ id: idOf(thing) });

/** An instant as clients see it. */
export const time = z.iso.datetime().meta({ id: 'Time', description: 'RFC 3339, UTC, with milliseconds.' });

/** A sum, which may be negative or zero. */
export const sum = z
  .string()
  .regex(/^(0|-?[1-9][0-9]*)$/)
  .meta({ id: 'Sum', description: 'Minor units, as a string of digits; negative where it says so.' });
