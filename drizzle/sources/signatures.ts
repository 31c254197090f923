import type pg from 'pg';
import { signatureOf } from './statements.ts';
import type { Source } from './tree.ts';

/**
 * The functions of a source that programs call, as `ledger.claim(jsonb) returns jsonb`: none of an inner source, which only
 * other functions call.
 */
export async function callable(client: pg.Client, { execute, statements }: Source): Promise<string[]> {
  if (execute.length === 0) return [];
  const written = statements.flatMap((statement) => (statement.kind === 'function' ? [signatureOf(statement)] : []));
  const { rows } = await client.query<{ signature: string }>(
    `select p.oid::regprocedure || ' returns ' || pg_get_function_result(p.oid) as signature
     from unnest($1::text[]) with ordinality x(written, n) join pg_proc p on p.oid = to_regprocedure(x.written) order by x.n`,
    [written],
  );
  return rows.map(({ signature }) => signature);
}

/**
 * Throws a sentence when a function that programs call has another signature than the one that this database recorded: during
 * a deploy the programs of the last release still call the old one.
 */
export async function refuseOtherSignatures(client: pg.Client, stale: Source[]): Promise<void> {
  const { rows } = await client.query<{ signature: string }>(
    'select unnest(functions) as signature from ledger.source',
  );
  const recorded = new Map(rows.map(({ signature }) => [nameOf(signature), signature]));
  for (const source of stale) {
    for (const signature of await callable(client, source)) {
      const before = recorded.get(nameOf(signature));
      if (before !== undefined && before !== signature) throw new Error(otherSignature(source.path, before, signature));
    }
  }
}

const nameOf = (signature: string): string => signature.slice(0, signature.indexOf('('));

const otherSignature = (path: string, before: string, now: string): string =>
  `${path}: programs of the last release call ${before}, so it cannot become ${now} in place. Give the new form another name and leave the old one in the tree for one release. If no release calls it yet, \`npm run migrate -- --contract\` replaces it.`;
