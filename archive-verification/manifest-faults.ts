import { parseCheckpoint } from './checkpoint.ts';
import type { Epoch } from './epochs.ts';
import type { Manifest } from './manifest.ts';
import { textOfNote } from './signed-note.ts';
import type { Step } from './steps.ts';

/** Without anything to record there is a segment each hour, and the look for it comes every five minutes. */
const apartMaxMs = 65 * 60_000;

/** Whether there should have been another segment between these two. */
export const isApart = (earlier: string, later: string): boolean =>
  Date.parse(later) - Date.parse(earlier) > apartMaxMs;

/** What is wrong with the number, the form and the place of a manifest, and with what it says of the one before it. */
export function faultOfManifest(
  { epoch, n, place, before, manifest, objects }: Step,
  origin: string | null,
): string | null {
  const expected = (before?.n ?? 0) + 1;
  if (n !== expected) return `number ${expected} is missing before it`;
  if (!objects.manifest) return 'it has no manifest';
  if (manifest === null) return 'its manifest is not of the form that a manifest has';
  if (manifest.epoch !== epoch || manifest.n !== n)
    return `its manifest is that of segment ${manifest.n} of epoch ${manifest.epoch}`;
  if (manifest.tree_size !== place)
    return `its manifest has place ${manifest.tree_size} in its tree, and here ${place}`;
  if (origin !== null && manifest.origin !== origin) return `its manifest is of the archive ${manifest.origin}`;
  const { prev } = manifest;
  const isNamed = prev === null ? before === null : prev.n === before?.n && prev.sha256 === before.sha256;
  return isNamed ? null : 'its manifest names another manifest before it than is here';
}

/** What is wrong with the transactions that a segment covers. */
export function faultOfRange({ before, place }: Step, { from_xid, to_xid }: Manifest): string | null {
  const from = BigInt(from_xid);
  if (BigInt(to_xid) < from) return `it ends with transaction ${to_xid}, before its begin with ${from_xid}`;
  if (before === null) return from === 0n ? null : `it is the first one and begins with transaction ${from_xid}`;
  if (before.manifest === null) return null;
  const end = BigInt(before.manifest.to_xid);
  // The first one of an epoch may begin earlier: a database that was filled from a dump counts from a small number.
  const follows = from === end || (place === 1 && from < end);
  return follows ? null : `it begins with transaction ${from_xid}, and the one before it ended with ${end}`;
}

/** What is wrong with the time between a segment and the one before it. */
export function faultOfTime(earlier: string | null, later: string): string | null {
  if (earlier === null) return null;
  if (earlier > later) return `it began at ${later}, and the one before it later, at ${earlier}`;
  return isApart(earlier, later) ? `it began at ${later}, and the one before it at ${earlier}` : null;
}

/** What lies behind the segment that an epoch follows has to be named by its first manifest, up to the last one. */
export function faultOfAbandoned(
  { epoch, before, place }: Step,
  { manifest: { abandoned }, epochs }: { manifest: Manifest; epochs: readonly Epoch[] },
): string | null {
  if (place > 1) return 'it says that something was abandoned, and is not the first one of its epoch';
  if (abandoned === null) {
    const left = epochs.findLast((one) => (before === null ? one.epoch < epoch : one.epoch === before.epoch));
    return left && left.lastN > (before?.n ?? 0)
      ? `it follows ${before === null ? 'no segment' : `segment ${before.n}`}, and does not say that those up to ${left.lastN} were abandoned`
      : null;
  }
  const checkpoint = parseCheckpoint(textOfNote(abandoned.checkpoint));
  const of = epochs.find((one) => one.epoch === checkpoint?.epoch);
  if (!checkpoint || !of) return 'of what it says was abandoned there is no checkpoint of an epoch that is here';
  const isNamed = abandoned.from_n === (before?.n ?? 0) + 1 && abandoned.to_n === of.lastN;
  return isNamed && checkpoint.size === of.lastN - of.firstN + 1
    ? null
    : `it says that segments ${abandoned.from_n} to ${abandoned.to_n} were abandoned, and that epoch is here up to ${of.lastN}`;
}
