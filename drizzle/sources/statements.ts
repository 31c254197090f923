/** A composite type with its members, as written. `name` is the object's, without its schema. */
export type TypeStatement = { kind: 'type'; name: string; sql: string; attributes: { name: string; type: string }[] };

/** A function with the types of its input parameters, as written. */
export type FunctionStatement = { kind: 'function'; name: string; sql: string; types: string[] };

/** What binds a function to the changes of a table of the ledger. */
export type TriggerStatement = { kind: 'trigger'; name: string; sql: string; table: string };

/** A statement of a source. */
export type Statement = TypeStatement | FunctionStatement | TriggerStatement;

/** What names one function: `ledger.overdue(int, int)`. */
export const signatureOf = ({ name, types }: FunctionStatement): string => `ledger.${name}(${types.join(', ')})`;

/** Reads the statements of a source. Throws a sentence for any that a source may not hold: those belong in a migration. */
export function toStatements(path: string, text: string): Statement[] {
  return split(text).map((sql) => {
    const code = withoutComments(sql);
    const statement = toType(code, sql) ?? toFunction(code, sql) ?? toTrigger(code, sql);
    if (!statement) throw new Error(`${path}: ${foreign(code)}`);
    return statement;
  });
}

const foreign = (code: string): string =>
  `a source holds "create type ledger.…", "create or replace function ledger.…" and "create or replace trigger … on ledger.…", and nothing else; this belongs in a migration: ${code.slice(0, 60)}`;

function toType(code: string, sql: string): Statement | undefined {
  const [, name, members] = /^create type ledger\.(\w+) as \(([\s\S]*)\);$/i.exec(code) ?? [];
  if (!name || !members) return undefined;
  const attributes = listed(members).map((member) => {
    const [attribute = '', ...type] = member.split(/\s+/);
    return { name: attribute, type: type.join(' ') };
  });
  return { kind: 'type', name, sql, attributes };
}

function toFunction(code: string, sql: string): Statement | undefined {
  const [head, name] = /^create or replace function ledger\.(\w+)\s*\(/i.exec(code) ?? [];
  if (!head || !name) return undefined;
  const parameters = listed(code.slice(head.length, closing(code, head.length)));
  const inputs = parameters.filter((parameter) => !/^out\s/i.test(parameter));
  return { kind: 'function', name, sql, types: inputs.map(typeOf) };
}

function toTrigger(code: string, sql: string): Statement | undefined {
  const [, name, table] = /^create or replace trigger (\w+)\s[\s\S]*?\son ledger\.(\w+)\s/i.exec(code) ?? [];
  return name && table ? { kind: 'trigger', name, sql, table } : undefined;
}

/** `p_limit int default 10` is an `int`. */
const typeOf = (parameter: string): string =>
  parameter
    .replace(/^(?:inout|in|variadic)\s+/i, '')
    .replace(/\s+(?:default\s|=)[\s\S]*$/i, '')
    .replace(/^\w+\s+/, '');

/** Where the parenthesis that opened just before `from` is closed. */
function closing(code: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; depth > 0 && at < code.length; at += 1) depth += code[at] === '(' ? 1 : code[at] === ')' ? -1 : 0;
  return at - 1;
}

/** The parts of a list, at the commas that stand in no parenthesis. */
const listed = (list: string): string[] =>
  list
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim().replaceAll(/\s+/g, ' '))
    .filter((part) => part !== '');

/** A comment, a dollar-quoted body, a string, or any other character: what a semicolon ends a statement outside of. */
const token = /--[^\n]*|\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|[\s\S]/g;

function split(text: string): string[] {
  const statements = [''];
  for (const [part] of text.matchAll(token)) {
    statements.push(`${statements.pop()}${part}`);
    if (part === ';') statements.push('');
  }
  return statements.map((sql) => sql.trim()).filter((sql) => withoutComments(sql) !== '');
}

const withoutComments = (sql: string): string =>
  sql.replaceAll(token, (part) => (part.startsWith('--') ? '' : part)).trim();
