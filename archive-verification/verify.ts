import type { Finding } from '../ledger/verify/run.ts';
import { createBundleChecks } from './bundle/bundle-checks.ts';
import { createChainChecks } from './chain-checks.ts';
import { createCheckpointChecks, type FromOutside, type Head } from './checkpoint-checks.ts';
import { createContentChecks } from './content-checks.ts';
import type { RowChecks } from './database/row-checks.ts';
import { epochsOf } from './epochs.ts';
import { createKeepingChecks } from './keeping-checks.ts';
import { createManifestChecks } from './manifest-checks.ts';
import type { Source } from './source.ts';
import { type Step, stepsOf } from './steps.ts';

/**
 * What is verified, and against what. `tenant`: the source is that tenant's part, by its public id; null: it is the whole. `rows`: the database that
 * was archived; null: it is not asked. `onSegment`: called after each segment.
 */
export type ToVerify = FromOutside & {
  source: Source;
  tenant: string | null;
  rows: RowChecks | null;
  onSegment?: (seen: Seen) => void;
};

/** How far the verification is. */
export type Seen = { epoch: number; n: number; segments: number; records: number };

/** What was found. `head`: the newest checkpoint of the archive; `lastAt`: when its newest segment was begun. */
export type Verified = {
  findings: Finding[];
  segments: number;
  records: number;
  head: Head | null;
  lastAt: string | null;
};

/**
 * Verifies an archive from its first segment to the newest, each step by itself: what one finds keeps no other from looking. One segment at a time is in
 * memory. Null: there is no archive. Throws what reading throws.
 */
export async function verifyArchive(options: ToVerify): Promise<Verified | null> {
  const { source, tenant, rows, onSegment = () => {}, ...fromOutside } = options;
  const epochs = await epochsOf(source);
  if (epochs.length === 0) return null;
  const { keeping } = source;
  const manifests = createManifestChecks({ epochs, now: keeping && new Date() });
  const checkpoints = createCheckpointChecks(fromOutside);
  const content = tenant === null ? createContentChecks() : createBundleChecks(tenant);
  const chains = createChainChecks();
  const kept = keeping && createKeepingChecks(keeping);
  const seen = { segments: 0, records: 0 };
  let lastAt: string | null = null;
  for await (const step of stepsOf(source, epochs)) {
    for (const check of [manifests, checkpoints, kept]) check?.see(step);
    const { slices, records } = await content.see(step);
    chains.see(step, slices);
    await rows?.see(step, records);
    seen.segments += 1;
    seen.records += records.length;
    lastAt = newestOf(step) ?? lastAt;
    onSegment({ ...seen, epoch: step.epoch, n: step.n });
  }
  const own = [manifests, checkpoints, content, chains, kept].flatMap((check) => check?.findings() ?? []);
  const findings = [...own, ...((await rows?.findings()) ?? [])];
  return { ...seen, findings, head: checkpoints.head(), lastAt };
}

const newestOf = ({ manifest, isAbandoned }: Step): string | null =>
  manifest !== null && !isAbandoned ? manifest.begun_at : null;
