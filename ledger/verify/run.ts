import type pg from 'pg';

/** One thing that must hold in the books, re-derived by SQL of its own: no function of the ledger and no code of its verbs. */
export type Check = {
  name: string;
  /** `upkeep`: the books may be sound although it does not hold; somebody is late. Absent: the books are not sound. */
  verdict?: 'upkeep';
  /** What holds, in one sentence. */
  promise: string;
  /** What `examined` counts, in the plural. */
  counted: string;
  /** Which of several breaches is the witness: the one whose id of these is the smallest. */
  smallestBy: string;
  /** SQL: one number, how many things were looked at. */
  examined: string;
  /**
   * SQL: a row (id text, witness text) per breach. `id` is never null and orders them byte by byte, whatever the database's collation
   * is; most ids begin with their time, so that the smallest witness is the oldest.
   */
  breaches: string;
  /** Parameters of both, $1 and on. */
  values?: readonly unknown[];
};

/** What one check found. `witness` is its smallest breach, or null. */
export type Finding = {
  name: string;
  verdict: 'books' | 'upkeep';
  promise: string;
  examined: string;
  breaches: string;
  witness: string | null;
};

/** Runs checks one after the other on a connection, in whatever snapshot it stands in. All sums are made by the database. */
export async function run(client: pg.ClientBase, checks: readonly Check[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, verdict = 'books', promise, examined, breaches, values = [] } of checks) {
    const { rows } = await client.query<Omit<Finding, 'name' | 'verdict' | 'promise'>>(
      `with breach as materialized (${breaches})
       select (${examined})::text as examined, (select count(*) from breach)::text as breaches,
         (select witness from breach order by id collate "C", witness collate "C" limit 1) as witness`,
      [...values],
    );
    const [row] = rows;
    if (!row) throw new TypeError(`the check ${name} answered nothing`);
    findings.push({ name, verdict, promise, ...row });
  }
  return findings;
}

/** Whether nothing was found about the books themselves. */
export const isSound = (findings: readonly Finding[]): boolean => holds(findings, 'books');

/** Whether nothing is late, and nothing that must be made ahead is missing. It says nothing about the books. */
export const isPunctual = (findings: readonly Finding[]): boolean => holds(findings, 'upkeep');

const holds = (findings: readonly Finding[], about: Finding['verdict']): boolean =>
  findings.every(({ verdict, breaches }) => verdict !== about || breaches === '0');
