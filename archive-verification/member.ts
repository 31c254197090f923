import { promisify } from 'node:util';
import { gunzip as gunzipOf } from 'node:zlib';
import { sha256Of } from './canonical.ts';
import type { Manifest } from './manifest.ts';
import { type ArchivedRecord, compareRecords, parseRecord, recordName } from './records.ts';
import type { Slice } from './slice.ts';
import { leafHash, rootOf } from './tree.ts';

/** The records of a slice. `fault`: what is wrong with all of them; `faults`: with each, in their sequence, or null. `content`: what is inside of the member. */
export type Member = {
  records: ArchivedRecord[];
  fault: string | null;
  faults: (string | null)[];
  content: Uint8Array;
};

/** More than the records of a segment are; a member that becomes larger is none of ours. */
const contentBytesMax = 536_870_912;
const gunzip = promisify(gunzipOf);

/** Reads a gzip member and compares what is inside with its slice. */
export async function readMember(
  bytes: Uint8Array,
  slice: Slice,
  range: Pick<Manifest, 'from_xid' | 'to_xid'>,
): Promise<Member> {
  const content = bytes.length === slice.length ? await contentOf(bytes) : null;
  if (content === null) return none('there is no gzip member of that length in its place');
  if (sha256Of(content) !== slice.content_sha256) return none('its records have another hash than it says');
  const rows = rowsOf(content);
  if (rows?.length !== slice.records) return none(`it does not have ${slice.records} records`);
  const root = rootOf(rows.map((row) => leafHash(row))).toString('hex');
  const read = rows.map((row) => parseRecord(row));
  const records = read.flatMap((record) => record ?? []);
  const faults = read.map((record, i) => faultOfRecord(record, { before: read[i - 1] ?? null, slice, range }));
  const fault = root === slice.root ? faultOfTimes(records, slice) : 'the tree over its records has another root';
  return { records, fault, faults, content };
}

const none = (fault: string): Member => ({ fault, records: [], faults: [], content: Buffer.alloc(0) });

async function contentOf(bytes: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await gunzip(bytes, { maxOutputLength: contentBytesMax });
  } catch {
    return null; // Whatever zlib says of it, it is not what was put.
  }
}

/** Each row without its end; null when the last one has none. */
function rowsOf(content: Uint8Array): Uint8Array[] | null {
  const rows: Uint8Array[] = [];
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(0x0a, at);
    if (end === -1) return null;
    rows.push(content.subarray(at, end));
    at = end + 1;
  }
  return rows;
}

type Place = { before: ArchivedRecord | null; slice: Slice; range: Pick<Manifest, 'from_xid' | 'to_xid'> };

function faultOfRecord(record: ArchivedRecord | null, { before, slice, range }: Place): string | null {
  if (record === null) return 'a record has not its form';
  const { tenant, xid } = record;
  if (tenant !== slice.tenant) return `${recordName(record)} is of ${tenant ?? 'the platform'}`;
  if (BigInt(xid) < BigInt(range.from_xid) || BigInt(xid) >= BigInt(range.to_xid))
    return `${recordName(record)} is of transaction ${xid}, which is not in its range`;
  return before && compareRecords(before, record) >= 0 ? `${recordName(record)} is not in its place` : null;
}

function faultOfTimes(records: readonly ArchivedRecord[], { first_at, last_at }: Slice): string | null {
  const times = records.map(({ at }) => at).toSorted();
  return times.at(0) === first_at && times.at(-1) === last_at ? null : 'its records are of other times than it says';
}
