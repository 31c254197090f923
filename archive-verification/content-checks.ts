import { createHash } from 'node:crypto';
import type { Finding } from '../ledger/verify/run.ts';
import { sha256Of } from './canonical.ts';
import type { Manifest } from './manifest.ts';
import { readMember } from './member.ts';
import { nameOf, type ObjectKind } from './object-names.ts';
import type { ArchivedRecord } from './records.ts';
import { ownerOf, parseSlices, type ReadSlice } from './slice.ts';
import { type Step, segmentName } from './steps.ts';
import { createTally } from './tally.ts';
import { leafHash, rootOf } from './tree.ts';

/** What is in a segment, as far as it can be read. */
export type Content = { slices: ReadSlice[]; records: ArchivedRecord[] };

/** Looks at what is in each segment. */
export type ContentChecks = { see(step: Step): Promise<Content>; findings(): Finding[] };

const nothing: Content = { slices: [], records: [] };

/** Whether segments, slices and records are those that the manifests name by their hashes. */
export function createContentChecks(): ContentChecks {
  const segments = createTally('segments', 'Each segment has the bytes, the content and the counts of its manifest.');
  const slices = createTally(
    'slices',
    'Each slice has the records that it says, and the root in the manifest is over all slices.',
  );
  const records = createTally(
    'records',
    'Each record is in the canonical form, of the tenant of its slice, of a transaction of its segment, and in its place.',
  );
  return {
    see: async (step) => {
      const { manifest } = step;
      if (manifest === null) return nothing;
      const named = (fault: string | null) => fault && `${segmentName(step)}: ${fault}`;
      const { segment, slices: slicesObject } = step.objects;
      if (manifest.segment === null || manifest.slices === null || !segment || !slicesObject) {
        segments.add(named(faultOfAbsence(step, manifest)));
        return nothing;
      }
      const list = parseSlices(slicesObject.bytes);
      slices.add(named(faultOfSlices(list, { n: step.n, manifest: manifest.slices, bytes: slicesObject.bytes })));
      const content = createHash('sha256');
      const found: Content = { slices: list ?? [], records: [] };
      let end = 0;
      for (const { slice } of found.slices) {
        const bytes = segment.bytes.subarray(slice.offset, slice.offset + slice.length);
        const member = await readMember(bytes, slice, manifest);
        const own = member.fault ?? (slice.offset === end ? null : 'it does not begin where the one before it ends');
        slices.add(named(own && `slice of ${slice.tenant ?? 'the platform'}: ${own}`));
        for (const fault of member.faults) records.add(named(fault));
        content.update(member.content);
        for (const record of member.records) found.records.push(record);
        end += slice.length;
      }
      const contentSha256 = content.digest('hex');
      segments.add(named(faultOfSegment(step, { manifest, found, contentSha256, end })));
      return found;
    },
    findings: () => [segments, slices, records].map((tally) => tally.finding()),
  };
}

/** Nothing may lie where nothing was recorded, and nothing be missing where something was. */
function faultOfAbsence({ objects }: Step, { records, segment, slices, types }: Manifest): string | null {
  if (segment !== null && !objects.segment) return 'its records are missing';
  if (slices !== null && !objects.slices) return 'its slices are missing';
  const isEmpty = records === 0 && segment === null && slices === null && Object.keys(types).length === 0;
  if (!isEmpty) return 'its manifest has records, or names objects, and not both';
  return objects.segment || objects.slices ? 'it has objects that its manifest does not name' : null;
}

type Named = { n: number; manifest: NonNullable<Manifest['slices']>; bytes: Uint8Array };

function faultOfSlices(list: readonly ReadSlice[] | null, { n, manifest, bytes }: Named): string | null {
  if (sha256Of(bytes) !== manifest.sha256) return 'its slices have another hash than its manifest says';
  if (list === null) return 'its slices are not of the form that slices have';
  if (list.length !== manifest.count) return `it has ${list.length} slices, and not ${manifest.count}`;
  if (list.some(({ slice }) => slice.n !== n)) return 'a slice of it is of another segment';
  if (list.some(({ slice }, i) => i > 0 && ownerOf(slice) <= ownerOf(list[i - 1]?.slice ?? slice)))
    return 'its slices are not in their sequence';
  const root = rootOf(list.map(({ text }) => leafHash(Buffer.from(text)))).toString('hex');
  return root === manifest.root ? null : 'the tree over its slices has another root than its manifest says';
}

type Read = { manifest: Manifest; found: Content; contentSha256: string; end: number };

function faultOfSegment(step: Step, { manifest, found, contentSha256, end }: Read): string | null {
  const { segment, slices } = manifest;
  const bytes = step.objects.segment?.bytes;
  if (!segment || !slices || !bytes) return null;
  const keys: [ObjectKind, string][] = [
    ['segment', segment.key],
    ['slices', slices.key],
  ];
  if (keys.some(([kind, key]) => key !== nameOf({ epoch: step.epoch, n: step.n, kind })))
    return 'its manifest names objects of another segment';
  if (bytes.length !== segment.bytes || sha256Of(bytes) !== segment.sha256)
    return 'it has other bytes than its manifest says';
  if (end !== bytes.length) return `it has ${bytes.length} bytes, and its slices end at ${end}`;
  if (contentSha256 !== segment.content_sha256) return 'it has another content than its manifest says';
  const counts: Record<string, number> = {};
  for (const { t } of found.records) counts[t] = (counts[t] ?? 0) + 1;
  const types = new Map(Object.entries(manifest.types));
  const isCounted =
    found.records.length === manifest.records &&
    types.size === Object.keys(counts).length &&
    Object.entries(counts).every(([t, count]) => types.get(t) === count);
  return isCounted ? null : `it has other counts than its manifest, which says ${manifest.records} records`;
}
