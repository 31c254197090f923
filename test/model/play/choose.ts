import fc from 'fast-check';
import type { ModelAccount } from '../model/terms.ts';

/** Random choices from one seed. */
export type Chooser = {
  number(below: number): number;
  one<T>(from: readonly T[]): T;
  chance(percent: number): boolean;
};

export function chooserOf(seed: number): Chooser {
  const [numbers] = fc.sample(fc.infiniteStream(fc.nat()), { seed, numRuns: 1 });
  const number = (below: number): number => (numbers?.next().value ?? 0) % below;
  return {
    number,
    one: (from) => {
      const [first, ...rest] = from;
      if (first === undefined) throw new Error('there is nothing to choose from');
      return rest[number(from.length) - 1] ?? first;
    },
    chance: (percent) => number(100) < percent,
  };
}

/** The largest amount of a leg or a transfer. */
export const hugeAmount = 999_999_999_999_999_999n;

/** To the last cent: what an account can give now. */
export function capacityOf(account: ModelAccount | undefined): bigint {
  if (!account || account.overdraft === null) return 0n;
  const largest = account.posted.credit - account.posted.debit - account.held.debit + account.overdraft;
  return largest > hugeAmount ? hugeAmount : largest;
}
