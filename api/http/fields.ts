import { z } from 'zod';
import { amountForm, type Currency, currencies } from '../../domain/currency.ts';
import { fromPublic, prefixes, type Thing, type Uuid } from '../../domain/ids.ts';
import { isPlain, isVisible } from '../../domain/text.ts';

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

/** The message for a text that is not plain. */
export const plainMessage = 'must be one line, without control characters, direction marks or invisible characters';

/** Text for people, kept unchanged. */
export const text = (max: number) =>
  z
    .string('must be text')
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .refine(isPlain, plainMessage)
    .refine(isVisible, 'must have a character that a reader sees')
    .meta({ description: 'One line, without control characters, direction marks or invisible characters.' });

export const reference = text(200).meta({ description: "The client's own name for it. Need not be unique." });

/** A field of a new thing that may be left out. Null means the same: typed clients send it for what they do not set. */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** With 40 characters a name and 500 a text, metadata stays below half of a body. */
const metadataFieldsMax = 50;
const metadataName = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'names must be 1 to 40 letters, digits, _ or -');
/** The message for metadata with too many names. */
export const metadataMessage = `must have at most ${metadataFieldsMax} fields`;
const hasFewFields = (value: object) => Object.keys(value).length <= metadataFieldsMax;
const metadataDescription = `Up to ${metadataFieldsMax} texts of the client, by name.`;

/** Metadata as clients see it. */
export const metadata = z
  .record(metadataName, text(500), 'must be an object of texts')
  .meta({ id: 'Metadata', description: metadataDescription });

/** The metadata of a new thing. A name with null is as one that is left out. */
export const newMetadata = z
  .record(metadataName, text(500).nullable(), 'must be an object of texts')
  .refine(hasFewFields, metadataMessage)
  .meta({ id: 'NewMetadata', description: metadataDescription })
  .transform((value) => Object.fromEntries(Object.entries(value).filter(isSet)));

const isSet = (field: [string, string | null]): field is [string, string] => field[1] !== null;

/** A change of metadata, by name: a text sets, null removes, and a name that is left out stays. Null removes all. */
export const metadataChange = z
  .record(metadataName, text(500).nullable(), 'must be an object of texts and nulls')
  .refine(hasFewFields, metadataMessage)
  .nullable()
  .meta({
    id: 'MetadataChange',
    description:
      'Merged by name into what is there: a text sets, null removes, a name that is left out stays. Null removes all. So two changes of different names never lose one.',
  });

/** RFC 3339 allows `t` and `z`. Its leap second is refused: no clock here has one, and two instants would become one. */
const instantForm =
  /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/;
const instantMessage = 'must be a time with its offset, such as 2026-11-21T13:00:00Z (RFC 3339, without leap seconds)';

/** An instant with its offset, read into a Date. Digits after the milliseconds are cut. */
export const instant = z
  .string(instantMessage)
  .regex(instantForm, instantMessage)
  .meta({
    format: 'date-time',
    description: 'RFC 3339 with its offset. Digits after the milliseconds are cut, a leap second is refused.',
    examples: ['2026-11-21T13:00:00Z'],
  })
  .refine(isDay, 'must be a day of the calendar')
  .transform((value) => new Date(value.toUpperCase()))
  .refine((date) => date.getUTCFullYear() >= 1970 && date.getUTCFullYear() <= 9999, 'must be between 1970 and 9999');

/** JavaScript reads 30 February as 2 March. */
function isDay(value: string): boolean {
  const [year, month, day] = value.slice(0, 10).split('-').map(Number);
  return (day ?? 0) <= new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
}

/** The path of one thing: `/v1/things/{id}`. An id of another form names nothing, so it is 404 and not 400. */
export const pathId = (thing: Thing) => z.strictObject({ id: idOf(thing) });

/** An instant as clients see it. */
export const time = z.iso.datetime().meta({ id: 'Time', description: 'RFC 3339, UTC, with milliseconds.' });

/** A sum, which may be negative or zero. */
export const sum = z
  .string()
  .regex(/^(0|-?[1-9][0-9]*)$/)
  .meta({ id: 'Sum', description: 'Minor units, as a string of digits; negative where it says so.' });
