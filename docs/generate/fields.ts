import { bodyOf, components, listed, nameOf, operations, type Schema } from './openapi-parts.ts';
import { madeFrom, table } from './table.ts';

/** docs/fields.md: what each field of the API means, from the OpenAPI document. */
export function fieldsDocument(): string {
  const names = Object.keys(components).filter((name) => listed(name) === null);
  const things = names.filter((name) => components[name]?.properties);
  const forms = names.filter((name) => !things.includes(name));
  return [
    madeFrom('`api/openapi.json`'),
    '# Fields\n',
    'What each field of a request and of an answer is: the schemas of the OpenAPI document as a page to read. A running copy has the',
    'same, with an example of each, at `/docs`. A field with * must be sent; every other field of a request may be left out. Answers',
    'may get [more fields](versions.md). A list is `data`, with the things, and [`next_cursor`](api/paging.md).\n',
    '## Forms\n',
    'Forms that many fields share.\n',
    table(['form', 'what it is', 'meaning'], forms.map(formRow)),
    ...things.map(chapter),
  ]
    .join('\n')
    .replaceAll('](/states)', '](states.md)');
}

/** A link to what a component is on the page; `base` is the way to the page. */
export function linkTo(name: string, base = ''): string {
  const thing = listed(name);
  if (thing !== null) return `list of ${linkTo(thing, base)}`;
  const anchor = components[name]?.properties ? name.toLowerCase() : 'forms';
  return `[${name}](${base}#${anchor})`;
}

function formRow(name: string): string[] {
  const { description = '', examples = [], ...schema } = components[name] ?? {};
  const example = typeof examples[0] === 'string' ? ` Such as \`${examples[0]}\`.` : '';
  return [`\`${name}\``, typeOf(schema), `${description}${example}`];
}

function chapter(name: string): string {
  const { description = '', properties = {}, required = [] } = components[name] ?? {};
  const isSent = sent.has(name);
  const rows = Object.entries(properties)
    .filter(([, { readOnly }]) => readOnly !== true)
    .map(([field, schema]) => [
      `\`${field}\`${isSent && required.includes(field) ? ' *' : ''}`,
      typeOf(schema),
      meaningOf(schema),
    ]);
  return [`## ${name}\n`, description === '' ? [] : `${description}\n`, table(['field', 'form', 'meaning'], rows)]
    .flat()
    .join('\n');
}

/** The components that requests have, and those within them. */
const sent = new Set<string>();
for (const { requestBody } of operations) visit(bodyOf(requestBody));

function visit(name: string | null): void {
  if (name === null || sent.has(name)) return;
  sent.add(name);
  for (const schema of partsOf(components[name] ?? {})) visit(nameOf(schema));
}

/** A schema and every schema inside it. */
function partsOf(schema: Schema): Schema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...Object.values(schema.properties ?? {})];
  return [schema, ...[...inner, ...(schema.items ? [schema.items] : [])].flatMap(partsOf)];
}

/** What a schema is, in words. */
function typeOf(schema: Schema): string {
  const name = nameOf(schema);
  if (name !== null) return linkTo(name);
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return shortened(schema.enum);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}${bounded(schema.maxItems)}`;
  if (schema.properties) return `object: ${membersOf(schema.properties)}`;
  if (schema.format === 'date-time') return 'time';
  const kinds = [schema.type ?? 'any'].flat().map((kind) => words[kind] ?? kind);
  return `${kinds.join(' or ')}${schema.maxLength ? `, at most ${schema.maxLength} characters` : ''}`;
}

const words: Record<string, string> = { string: 'text', integer: 'number', boolean: '`true` or `false`' };
const membersOf = (members: Record<string, Schema>): string =>
  Object.entries(members)
    .map(([member, schema]) => `\`${member}\` (${typeOf(schema)})`)
    .join(', ');
const bounded = (items: number | undefined): string => (items === undefined ? '' : `, at most ${items}`);
/** The longest lists of values stand on pages of their own. */
const shownValues = 20;
const shortened = (values: readonly (string | number)[]): string =>
  values.length > shownValues
    ? `one of ${values.length} words, such as \`${values[0]}\``
    : values.map((value) => `\`${value}\``).join(', ');

/** Its own description, else that of its component, or of the alternative that is not null. */
function meaningOf(schema: Schema): string {
  const ofComponent = components[nameOf(schema) ?? '']?.description;
  const alternatives = schema.anyOf?.map(meaningOf) ?? [];
  return schema.description ?? ofComponent ?? alternatives.find((text) => text !== '') ?? '';
}
