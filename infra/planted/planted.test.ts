import { expect, test } from '@jest/globals';
import { readAssemblies } from '../check/assembly.ts';
import { rows } from '../requirements/index.ts';
import { type Synthesised, synthesised } from '../requirements/synthesised.ts';
import { withChange } from './change.ts';
import { changes } from './index.ts';

const assemblies = readAssemblies();

test.each(changes.map((change) => [change.environment, change.name, change] as const))(
  '%s: %s: exactly the rows that should see it are red',
  (environment, _name, change) => {
    const assembly = assemblies.find((one) => one.environment.name === environment);
    if (assembly === undefined) throw new Error(`There is no environment ${environment}.`);
    expect(redOf(synthesised(withChange(assembly, change)))).toEqual(change.turnsRed.toSorted());
  },
);

test('there are at least twenty, each with a name of its own, and each turns something red', () => {
  expect(changes.length).toBeGreaterThanOrEqual(20);
  expect(new Set(changes.map(({ name }) => name)).size).toBe(changes.length);
  expect(changes.filter(({ turnsRed }) => turnsRed.length === 0)).toEqual([]);
});

/** Rows that no edit of a template can turn red, each with the reason. There is none now. */
const cannotBeSeen: Readonly<Record<string, string>> = {};

test('every row is turned red by a planted change: one that nothing turns red may read nothing', () => {
  const seen = new Set(changes.flatMap(({ turnsRed }) => turnsRed));
  const unseen = rows.map(({ id }) => id).filter((id) => !seen.has(id));
  expect(unseen.toSorted()).toEqual(Object.keys(cannotBeSeen).toSorted());
});

function redOf(view: Synthesised): string[] {
  return rows
    .filter((row) => {
      try {
        return row.check(view).length > 0;
      } catch {
        // A row that does not find what it reads throws with a sentence, and is as red as one that lists problems.
        return true;
      }
    })
    .map(({ id }) => id)
    .toSorted();
}
