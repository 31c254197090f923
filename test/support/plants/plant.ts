/**
 * A fault that is planted into the books, with the triggers off: what it is, the check of `npm run verify` that finds it, and the
 * SQL. In it `$ada` is the id of that account, `$book` of that transfer, and so on, by the names that the fixtures give them.
 */
export type Plant = readonly [name: string, check: string, sql: string];

/** The SQL of a plant with the ids that its names stand for. What is no name of an id stays as it is. */
export const filled = (sql: string, ids: Readonly<Record<string, string>>): string =>
  sql.replace(/\$(\w+)/g, (text, name: string) => (ids[name] ? `'${ids[name]}'::uuid` : text));
