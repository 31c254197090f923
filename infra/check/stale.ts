import { example } from '../environment/deployment.ts';
import { type Acknowledgement, idIn, isAt } from '../policies/acknowledgement.ts';
import type { Finding } from './report.ts';

/** The findings that an acknowledgement covers: acknowledged with its id, on its construct or below it. */
export const coveredBy = (row: Acknowledgement, findings: readonly Finding[]): Finding[] =>
  findings.filter(
    ({ acknowledged, path, id }) =>
      acknowledged !== null &&
      row.environments.some((name) => name === path.split('/')[0] && sameId(id, idIn(row, name, example))) &&
      ancestorsOf(path).some((place) => isAt(row, place)),
  );

/** Acknowledgements, by environment, that cover nothing: the finding is gone, or the id or the path is wrong. */
export const staleIn = (rows: readonly Acknowledgement[], findings: readonly Finding[]): string[] =>
  rows.flatMap((row) =>
    row.environments
      .filter((name) => coveredBy({ ...row, environments: [name] }, findings).length === 0)
      .map((name) => `${name}: ${row.id} in ${row.stack} at ${String(row.path)} matches nothing`),
  );

/** CDK writes a dash for each space of an id that is acknowledged. */
const sameId = (one: string, other: string): boolean => one.replaceAll(' ', '-') === other.replaceAll(' ', '-');

/** `a/b/c` is in `a/b/c`, `a/b` and `a`. */
const ancestorsOf = (path: string): string[] =>
  path.split('/').map((_step, index, steps) => steps.slice(0, index + 1).join('/'));
