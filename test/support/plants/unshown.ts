import type { Invariant } from '../../../ledger/verify/invariants.ts';

/** What is compared: the invariants, the names of the checks, and the faults with the check that must find each. */
export type Proof = {
  invariants: Readonly<Record<string, Invariant>>;
  checks: readonly string[];
  plants: readonly { name: string; check: string }[];
};

/** What nobody has shown: a sentence for each check without a fault, each fault of no check, each invariant without a check, and each name that two faults of a check have. */
export function unshown({ invariants, checks, plants }: Proof): string[] {
  const isCheck = (name: string) => checks.includes(name);
  const shows = (invariant: Invariant) => ('checks' in invariant ? invariant.checks : []);
  return [
    ...checks
      .filter((name) => !plants.some(({ check }) => check === name))
      .map((name) => `no fault is planted for the check ${name}`),
    ...plants
      .filter(({ check }) => !isCheck(check))
      .map(({ name, check }) => `the fault "${name}" names ${check}, which is no check`),
    ...plants
      .filter(({ name, check }, at) => plants.findIndex((one) => one.name === name && one.check === check) < at)
      .map(({ name, check }) => `two faults of ${check} are called "${name}"`),
    ...Object.entries(invariants)
      .filter(([, invariant]) => 'checks' in invariant && !invariant.checks.some(isCheck))
      .map(([id]) => `no check shows the invariant ${id}`),
    ...Object.entries(invariants).flatMap(([id, invariant]) =>
      shows(invariant)
        .filter((name) => !isCheck(name))
        .map((name) => `the invariant ${id} names ${name}, which is no check`),
    ),
  ];
}
