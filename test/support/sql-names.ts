import { read } from './tree.ts';

/**
 * The names that an SQL file gives: tables, types, domains, functions, views, indexes, triggers and policies; columns and
 * attributes; parameters and the columns that a function returns; constraints.
 */
export type SqlNames = { objects: string[]; members: string[] };

const object =
  /\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+|unique\s+|constraint\s+)?(table|type|domain|function|procedure|view|index|trigger|policy|sequence)\s+(?:if\s+not\s+exists\s+|concurrently\s+)?(?:"?\w+"?\s*\.\s*)?"?(\w+)"?/gi;
const added = /\badd\s+(?:column\s+(?:if\s+not\s+exists\s+)?|constraint\s+)"?(\w+)"?/gi;
const renamed = /\brename\s+(?:(?:column|constraint|attribute)\s+"?\w+"?\s+)?to\s+"?(\w+)"?/gi;
const noName = /^(primary|unique|check|foreign|exclude|like)$/i;
const withParts = /^(table|type|function|procedure)$/i;

/** The names of a file's statements, in their order. Comments, string constants and bodies of functions name nothing. */
export function sqlNamesOf(file: string): SqlNames {
  const sql = bare(read(file));
  const found: SqlNames = { objects: [], members: [] };
  for (const match of sql.matchAll(object)) {
    const [head, kind = '', name = ''] = match;
    found.objects.push(name);
    if (!withParts.test(kind)) continue;
    const end = match.index + head.length;
    const parts = parenthesized(sql, end, /^\s*(?:as\s*)?$/i);
    found.members.push(...parts.text.flatMap(partName));
    const result = parenthesized(sql, parts.end, /^\s*returns\s+table\s*$/i);
    found.members.push(...result.text.flatMap(partName));
  }
  for (const [, name = ''] of sql.matchAll(added)) found.members.push(name);
  for (const [, name = ''] of sql.matchAll(renamed)) found.members.push(name);
  return found;
}

/** The parts between the next parentheses, split at their commas; nothing when something else stands before them. */
function parenthesized(sql: string, from: number, before: RegExp): { text: string[]; end: number } {
  const open = sql.indexOf('(', from);
  if (open < 0 || !before.test(sql.slice(from, open))) return { text: [], end: from };
  const parts = [''];
  let depth = 0;
  for (let at = open; at < sql.length; at += 1) {
    const sign = sql.charAt(at);
    if (sign === ')') depth -= 1;
    if (depth === 0 && sign === ')') return { text: parts, end: at + 1 };
    if (depth === 1 && sign === ',') parts.push('');
    else if (depth > 0) parts[parts.length - 1] += sign;
    if (sign === '(') depth += 1;
  }
  return { text: parts, end: sql.length };
}

/** `amount bigint not null` names `amount`; `constraint x check (…)` names `x`; `out y uuid` names `y`. */
function partName(part: string): string[] {
  const [first = '', second = ''] = part.trim().split(/[\s(]+/);
  if (noName.test(first) || first === '') return [];
  return [/^(constraint|in|out|inout|variadic)$/i.test(first) ? second : first].map((name) => name.replaceAll('"', ''));
}

/** The text without comments, string constants and dollar-quoted bodies. */
function bare(text: string): string {
  return text.replaceAll(/--.*$|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|'(?:[^']|'')*'/gm, ' ');
}
