import { z } from 'zod';
import { amountForm, type Currency, currencies } from '../../domain/currency.ts';
import { fromPublic, prefixes, type Thing, toPublic, type Uuid } from '../../domain/ids.ts';
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

/** A public id as clients see it. One schema for each thing, because a component of the OpenAPI document is one schema. */
export function publicId(thing: Thing): ReturnType<typeof publicIdOf> {
  const schema = publicIds.get(thing) ?? publicIdOf(thing);
  publicIds.set(thing, schema);
  return schema;
}

const publicIds = new Map<Thing, ReturnType<typeof publicIdOf>>();

const publicIdOf = (thing: Thing) =>
  z
    .string('must be an id')
    .regex(
      new RegExp(`^${prefixes[thing]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`),
      `must be an id that begins with ${prefixes[thing]}_`,
    )
    .meta({
      id: `${thing.charAt(0).toUpperCase()}${thing.slice(1)}Id`,
      description: `\`${prefixes[thing]}_\` and 26 characters. Ids sort by the time at which they were made.`,
      examples: [toPublic(thing, exampleUuid)],
    });

/** Of the right form, and of nothing that exists. */
const exampleUuid = '019a8b3c-5d6e-7f80-9a1b-2c3d4e5f6071';

/** A public id of some thing, read into its UUID. */
export const idOf = (thing: Thing) => publicId(thing).transform((text): Uuid => fromPublic(thing, text) ?? '');

/** An account that a request names. */
export const ownAccount = z
  .strictObject({ account_id: idOf('account') })
  .meta({ id: 'OwnAccount', description: 'An account of this ledger.' });

/** The message for a text that is not plain. */
export const plainMessage = 'must be one line, without control characters, direction marks or invisible characters';

/** Text for people, kept unchanged. */
export const text = (max: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be text') })
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .refine(isPlain, plainMessage)
    .refine(isVisible, 'must have a character that a reader sees')
    .meta({
      format: 'plain-text',
      description: 'One line, without control characters, direction marks or invisible characters.',
    });

export const reference = text(200).meta({ description: "The client's own name for it. Need not be unique." });

/** A parameter of an address that is `true` or `false`. */
export const flag = z
  .stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive', error: 'must be true or false' })
  .meta({ override: { type: 'boolean' } });

/** How the OpenAPI document shows a parameter that is read as text and is a whole number. */
export const asNumber =
  (bounds: { minimum: number; maximum: number; default: number }) =>
  ({ jsonSchema }: { jsonSchema: object }): void => {
    Reflect.deleteProperty(jsonSchema, 'pattern');
    Object.assign(jsonSchema, { type: 'integer', ...bounds });
  };

/**
 * A parameter of an address that takes one or more of some words: separated by commas, or the parameter once for each, as
 * clients send it that are made from the OpenAPI document.
 */
export const severalOf = <const Word extends string>(words: readonly Word[], name: string) =>
  z
    .string()
    .transform((list) => list.split(','))
    .pipe(
      z
        .array(z.enum(words, `must be a list of ${name}, separated by commas`))
        .min(1)
        .max(words.length),
    )
    .optional()
    .meta({
      override: { type: 'array', items: { type: 'string', enum: [...words] }, minItems: 1, maxItems: words.length },
    });

/** Whether a parameter is one of {@link severalOf}. */
export function isSeveral(parameter: z.ZodType): boolean {
  const { override } = parameter.meta() ?? {};
  return typeof override === 'object' && 'type' in override && override.type === 'array';
}

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
  .meta({ id: 'MetadataChange', description: 'By name: a text sets, null removes, a name that is left out stays.' })
  .nullable()
  .meta({
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
  .regex(instantForm, { error: instantMessage, abort: true })
  .meta({
    format: 'date-time',
    pattern: instantForm.source.replace('[0-9]{4}', '(19[7-9][0-9]|[2-9][0-9]{3})'),
    description:
      'RFC 3339 with its offset, from 1970 to 9999. Digits after the milliseconds are cut, a leap second is refused.',
    examples: ['2026-11-21T13:00:00Z'],
  })
  // What is no instant goes no further: a rule that compares two of them would meet a text.
  .refine(isDay, { error: 'must be a day of the calendar', abort: true })
  .transform((value) => new Date(value.toUpperCase()))
  .refine((date) => date.getUTCFullYear() >= 1970 && date.getUTCFullYear() <= 9999, {
    error: 'must be between 1970 and 9999',
    abort: true,
  });

/** JavaScript reads 30 February as 2 March. */
function isDay(value: string): boolean {
  const [year, month, day] = value.slice(0, 10).split('-').map(Number);
  return (day ?? 0) <= new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
}

/** The path of one thing: `/v1/things/{id}`. An id of another form names nothing, so it is 404 and not 400. */
export const pathId = (thing: Thing) => z.strictObject({ id: idOf(thing) });

/** A currency as clients see it. Currencies may be added, so it is no list. */
export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ id: 'CurrencyCode', description: 'ISO 4217 code, upper case. Currencies may be added.', examples: ['USD'] });

/** A whole number that only grows, as a text: it may be larger than what JSON numbers are exact for. */
export const sequence = z
  .string()
  .regex(/^(0|[1-9][0-9]*)$/)
  .meta({ id: 'Sequence', description: 'A whole number in digits, from 0.', examples: ['42'] });

/** The name of a thing of the client's, as clients see it. */
export const referenceShown = z.string().nullable().meta({ description: "The client's own name for it, or null." });

/** An instant as clients see it. */
export const time = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/)
  .meta({
    id: 'Time',
    format: 'date-time',
    description: 'RFC 3339, UTC, with milliseconds.',
    examples: ['2026-11-21T13:00:00.000Z'],
  });

/** A sum, which may be negative or zero. */
export const sum = z
  .string()
  .regex(/^(0|-?[1-9][0-9]*)$/)
  .meta({
    id: 'Sum',
    description: 'Minor units, as a string of digits; negative where it says so.',
    examples: ['1250'],
  });
