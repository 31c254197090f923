import { type Thing, toPublic, type Uuid } from '../domain/ids.ts';

/** What a form makes of a value that may be read in the archive; undefined: it is not of that form, and stays out. */
export type Form = (value: unknown) => Clear | undefined;
export type Clear = string | number | boolean | readonly string[] | { readonly [name: string]: Clear };

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const longMax = 9_223_372_036_854_775_807n;

const textOf =
  (form: RegExp): Form =>
  (value) =>
    typeof value === 'string' && form.test(value) ? value : undefined;

/** A word of a list of ours: a kind, a state, a cause. */
export const word = textOf(/^[a-z][a-z_]{0,39}$/);
/** Why a network or we did not do something: four characters of ISO 20022, or words of a list. */
export const code = textOf(/^(?:[A-Z0-9]{4}|[a-z]{1,20}(?:_[a-z0-9]{1,20}){0,4})$/);
/** Event types and scopes: words of our lists, with a dot or a colon between. */
export const words: Form = (value) => listOf(value, (one) => (isText(one) && topicForm.test(one) ? one : undefined));
export const currency = textOf(/^[A-Z]{3}$/);
export const month = textOf(/^\d{4}-(?:0[1-9]|1[0-2])$/);
/** A month, or the queue beside all months. */
export const monthOrQueue = textOf(/^(?:\d{4}-(?:0[1-9]|1[0-2])|on_request)$/);
/** The number of something that has no other name. */
export const ordinal = textOf(/^\d{1,8}$/);
export const time = textOf(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})$/);
export const sha256 = textOf(/^[0-9a-f]{64}$/);
/** The name of a time zone, as its database has it. */
export const zone = textOf(/^[A-Za-z][A-Za-z0-9_+-]{0,31}(?:\/[A-Za-z][A-Za-z0-9_+-]{0,31}){0,2}$/);
export const locale = textOf(/^[a-z]{2}-[A-Z]{2}$/);
export const flag: Form = (value) => (typeof value === 'boolean' ? value : undefined);
export const count: Form = (value) => (isCount(value) ? value : undefined);

/** Minor units, as text. A number that is larger than JSON keeps exactly stays out. */
export const amount: Form = (value) => {
  if (Number.isSafeInteger(value)) return String(value);
  return isText(value) && /^-?\d{1,19}$/.test(value) && BigInt(value) <= longMax ? value : undefined;
};

/** An id of a thing, which becomes its public one. */
export const idOf =
  (thing: Thing): Form =>
  (value) =>
    isUuid(value) ? toPublic(thing, value) : undefined;

export const idsOf =
  (thing: Thing): Form =>
  (value) =>
    listOf(value, (one) => (isUuid(one) ? toPublic(thing, one) : undefined));

/** Who did it: a key by its public id, or an operator as the program names them. */
export const actor = (value: unknown): string | undefined =>
  isText(value)
    ? value.replace(/^api_key:([0-9a-f-]{36})$/, (whole, id: string) =>
        isUuid(id) ? `api_key:${toPublic('apiKey', id)}` : whole,
      )
    : undefined;

const topicForm = /^[a-z][a-z_]{0,39}(?:[.:](?:\*|[a-z][a-z_]{0,39}))?$/;
const isText = (value: unknown): value is string => typeof value === 'string';
const isUuid = (value: unknown): value is Uuid => isText(value) && uuidForm.test(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** A list of which every member is of the form; one that is not keeps all of them out. */
function listOf(value: unknown, form: (one: unknown) => string | undefined): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const members = value.map(form).filter((one) => one !== undefined);
  return members.length === value.length ? members : undefined;
}
