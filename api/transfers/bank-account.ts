import { z } from 'zod';
import {
  type BankAccount,
  defaultScheme,
  type FieldRule,
  mask,
  type Scheme,
  schemeNames,
  schemes,
  toBankAccount,
} from '../../domain/destination.ts';
import { text } from '../http/fields.ts';

/**
 * An account at a bank as a request names it, by one of some schemes, read into the account that the ledger stores. A request
 * without `scheme` means {@link defaultScheme}.
 */
export const bankAccountOf = ([first, ...others]: readonly [Scheme, ...Scheme[]]) =>
  z
    .discriminatedUnion(
      'scheme',
      [requestOf(first), ...others.map(requestOf)],
      `must be an account of one of the schemes: ${[first, ...others].join(', ')}`,
    )
    // OpenAPI wants a discriminator to be required, and this one may be absent.
    .meta({ override: ({ jsonSchema }) => void delete jsonSchema['discriminator'] })
    .transform(({ scheme, ...fields }: Fields) =>
      toBankAccount(
        scheme ?? defaultScheme,
        Object.fromEntries(membersOf(scheme ?? defaultScheme).map((member) => [member, fields[toField(member)]])),
      ),
    );

/** An account at a bank as clients see it: with its scheme, and never the whole account number. */
export const bankAccountView = z.union(schemeNames.map(viewSchema));

/** Its fields in the order of the table, because the database keeps them in another. */
export function viewOfBankAccount(account: BankAccount): z.infer<typeof bankAccountView> {
  const masked: Readonly<Record<string, string>> = mask(account);
  const shown = membersOf(account.scheme).map((member) => [toField(member), masked[member]] as const);
  return { scheme: account.scheme, ...Object.fromEntries(shown) };
}

type Fields = { scheme?: Scheme | null | undefined } & Record<string, unknown>;

/** One schema for each scheme, however many rails take it: a component of the OpenAPI document is one schema. */
function requestOf(scheme: Scheme): ReturnType<typeof requestSchema> {
  const schema = requestSchemas.get(scheme) ?? requestSchema(scheme);
  requestSchemas.set(scheme, schema);
  return schema;
}

const requestSchemas = new Map<Scheme, ReturnType<typeof requestSchema>>();

function requestSchema(scheme: Scheme) {
  // An absent scheme is the default's, so only that one may be absent.
  const tag =
    scheme === defaultScheme
      ? z
          .literal(scheme)
          .nullish()
          .meta({ description: `What names the account. Absent: ${scheme}.` })
      : z.literal(scheme);
  const rules = fieldsOf(scheme, (rule) =>
    'textMax' in rule ? text(rule.textMax) : z.string().regex(rule.form, rule.message),
  );
  const description = 'An account at a bank.';
  return z.strictObject({ scheme: tag, ...rules }).meta({ id: `New${toComponent(scheme)}`, description });
}

function viewSchema(scheme: Scheme) {
  const texts = fieldsOf(scheme, (rule) =>
    'shown' in rule ? z.string().meta({ description: rule.shown }) : z.string(),
  );
  return z
    .strictObject({ scheme: z.literal(scheme), ...texts })
    .meta({ id: toComponent(scheme), description: 'An account at a bank, as it is shown.' });
}

function fieldsOf(scheme: Scheme, schemaOf: (rule: FieldRule) => z.ZodString): Record<string, z.ZodString> {
  return Object.fromEntries(
    Object.entries(schemes[scheme].fields).map(([member, rule]) => [toField(member), schemaOf(rule)]),
  );
}

function membersOf(scheme: Scheme): string[] {
  return Object.keys(schemes[scheme].fields);
}

/** `routingNumber` is `routing_number` on the wire. */
function toField(member: string): string {
  return member.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `us_account` is `UsAccount` among the components of the OpenAPI document. */
export function toComponent(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
