import type { Finding } from '../../ledger/verify/run.ts';
import type { Content, ContentChecks } from '../content-checks.ts';
import type { Manifest } from '../manifest.ts';
import { readMember } from '../member.ts';
import { type ProvenSlice, parseProvenSlice } from '../slice.ts';
import { segmentName } from '../steps.ts';
import { createTally } from '../tally.ts';
import { leafHash, rootByProof } from '../tree.ts';

const nothing: Content = { slices: [], records: [] };

/** Whether what a tenant got of the archive is its own, and what the manifests prove. `tenant`: its public id. */
export function createBundleChecks(tenant: string): ContentChecks {
  const slices = createTally(
    'slices',
    'Each slice is of this tenant, has the records that it says, and is proven by the root in the manifest.',
  );
  const records = createTally(
    'records',
    'Each record is in the canonical form, of this tenant, of a transaction of its segment, and in its place.',
  );
  const others = createTally('others', 'Nothing of another tenant is here.');
  return {
    see: async (step) => {
      const { manifest, objects } = step;
      const named = (fault: string | null) => fault && `${segmentName(step)}: ${fault}`;
      others.add(named(objects.segment || objects.slices ? 'all records or slices of it are here' : null));
      if (manifest === null || (!objects.slice && !objects.records)) return nothing;
      const proven = objects.slice ? parseProvenSlice(objects.slice.bytes) : null;
      const fault = faultOfSlice(proven, { tenant, n: step.n, manifest });
      if (proven === null || fault !== null || !objects.records) {
        slices.add(named(fault ?? 'its records are missing'));
        return nothing;
      }
      const member = await readMember(objects.records.bytes, proven.read.slice, manifest);
      slices.add(named(member.fault));
      for (const own of member.faults) records.add(named(own));
      return { slices: [proven.read], records: member.records };
    },
    findings: (): Finding[] => [slices, records, others].map((tally) => tally.finding()),
  };
}

type Place = { tenant: string; n: number; manifest: Manifest };

function faultOfSlice(proven: ProvenSlice | null, { tenant, n, manifest: { slices } }: Place): string | null {
  if (proven === null) return 'it has no slice that can be read';
  const { read, place, path } = proven;
  if (read.slice.tenant !== tenant) return `its slice is of ${read.slice.tenant ?? 'the platform'}`;
  if (read.slice.n !== n) return `its slice is of segment ${read.slice.n}`;
  if (slices === null) return 'its manifest has no slices';
  const root = rootByProof({ leaf: leafHash(Buffer.from(read.text)), place, size: slices.count, path });
  return root?.toString('hex') === slices.root ? null : 'its manifest does not prove its slice';
}
