import type { Finding } from '../ledger/verify/run.ts';
import type { Epoch } from './epochs.ts';
import { faultOfAbandoned, faultOfManifest, faultOfRange, faultOfTime, isApart } from './manifest-faults.ts';
import { type Step, segmentName } from './steps.ts';
import { createTally } from './tally.ts';

/** Something that looks at each segment, one after the other, and says in the end what it found. */
export type Check = { see(step: Step): void; findings(): Finding[] };

/**
 * Whether the manifests follow each other: by number, by hash, by the transactions that they cover, and in time. `now`: the archive goes on where it
 * lies, so that its newest segment is not older than that; null for a copy.
 */
export function createManifestChecks({ epochs, now }: { epochs: readonly Epoch[]; now: Date | null }): Check {
  const manifests = createTally(
    'manifests',
    'Segments are numbered without a gap, and the manifest of each has its form and names the one before it by its hash.',
  );
  const ranges = createTally(
    'ranges',
    'Each segment begins with the transaction with which the one before it ended, the first one with the first of all.',
  );
  const ways = createTally(
    'epochs',
    'Each epoch goes on behind a segment of an earlier one, and says how far that went beyond it.',
  );
  const times = createTally('times', 'No two segments begin more than 65 minutes apart.', 'upkeep');
  let origin: string | null = null;
  let lastBegunAt: string | null = null;
  return {
    see: (step) => {
      const { manifest, before, place, isAbandoned } = step;
      const named = (fault: string | null) => fault && `${segmentName(step)}: ${fault}`;
      manifests.add(named(faultOfManifest(step, origin)));
      if (manifest === null) return;
      origin ??= manifest.origin;
      ranges.add(named(faultOfRange(step, manifest)));
      times.add(named(faultOfTime(before?.manifest?.begun_at ?? null, manifest.begun_at)));
      if (!isAbandoned) lastBegunAt = manifest.begun_at;
      if (place === 1 || manifest.abandoned) ways.add(named(faultOfAbandoned(step, { manifest, epochs })));
    },
    findings: () => {
      if (now !== null && lastBegunAt !== null && isApart(lastBegunAt, now.toISOString()))
        times.add(`the newest segment began at ${lastBegunAt}, and nothing follows it`);
      return [manifests, ranges, times, ways].map((tally) => tally.finding());
    },
  };
}
