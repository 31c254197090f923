import type { Finding } from '../ledger/verify/run.ts';
import { canonicalText, sha256Of } from './canonical.ts';
import { placeKey } from './epochs.ts';
import { ownerOf, type ReadSlice, type Slice } from './slice.ts';
import { type Step, segmentName } from './steps.ts';
import { createTally } from './tally.ts';

/** Looks at the slices of each segment. */
export type ChainChecks = { see(step: Step, slices: readonly ReadSlice[]): void; findings(): Finding[] };

/**
 * Whether each slice follows the last one of its tenant: what was left out between them shows without the slices of others. What is behind the
 * last one shows only to who has the whole segment, or a later slice.
 */
export function createChainChecks(): ChainChecks {
  const tally = createTally(
    'tenants',
    'Each slice names the one of its tenant before it, and no slice was left out between.',
  );
  const atForks = new Map<string, Map<string, Slice['before']>>();
  let last = new Map<string, Slice['before']>();
  return {
    see: (step, slices) => {
      if (step.place === 1) last = new Map(step.before ? atForks.get(placeKey(step.before)) : []);
      for (const { slice, text } of slices) {
        const owner = ownerOf(slice);
        const before = last.get(owner) ?? null;
        const fault = faultOf(slice, before);
        tally.add(fault && `${segmentName(step)}: slice of ${slice.tenant ?? 'the platform'}: ${fault}`);
        const records = (slice.before?.records ?? 0) + slice.records;
        last.set(owner, { n: slice.n, sha256: sha256Of(text), records });
      }
      if (step.isFork) atForks.set(placeKey(step), new Map(last));
    },
    findings: () => [tally.finding()],
  };
}

function faultOf({ before: named }: Slice, before: Slice['before']): string | null {
  if (canonicalText(named) === canonicalText(before)) return null;
  const [there, here] = [named, before].map((one) => (one === null ? 'none' : `that in segment ${one.n}`));
  return there === here
    ? 'the one before it has another hash, or other counts'
    : `it names ${there} before it, and here is ${here}`;
}
