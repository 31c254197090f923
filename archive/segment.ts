import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip as gzipOf } from 'node:zlib';
import { check } from '../domain/check.ts';
import type { Uuid } from '../domain/ids.ts';
import { sha256Of } from './canonical.ts';
import { membersOf } from './members.ts';
import { type BuiltRecord, compareRecords } from './record.ts';
import { leafHash, rootOver } from './tree.ts';

/** The records of one tenant, or of the platform (null), in their sequence: `content` has each as a row. `root` is over them. */
export type SegmentPart = {
  tenantId: Uuid | null;
  records: number;
  content: Uint8Array;
  contentSha256: string;
  root: string;
  firstAt: string;
  lastAt: string;
};

/** A segment: `bytes` are a gzip member of each part, and `lengths` how long each of those is. `contentSha256`: of all that is inside. */
export type BuiltSegment = {
  parts: readonly SegmentPart[];
  bytes: Uint8Array;
  lengths: readonly number[];
  contentSha256: string;
};

/** Named, because another level makes other bytes. */
const level = 6;
/** Records between which others have their turn: some milliseconds of work. */
const recordsAtOnce = 1_000;

const gzip = promisify(gzipOf);

/**
 * The segment of records, which come in any sequence: the platform first, then tenants by their ids. It is made of the records alone, so
 * another try has the same content, and with the same build of zlib the same bytes.
 */
export async function buildSegment(records: readonly BuiltRecord[]): Promise<BuiltSegment> {
  check(records.length > 0, 'a segment has records');
  const parts: SegmentPart[] = [];
  const members: Uint8Array[] = [];
  const content = createHash('sha256');
  for (const own of byTenant(records)) {
    const part = await toPart(own);
    content.update(part.content);
    parts.push(part);
    // Compressed by a thread, while this one waits: the event loop has its turn between tenants.
    members.push(await gzip(part.content, { level }));
  }
  const lengths = members.map(({ length }) => length);
  return { parts, bytes: Buffer.concat(members), lengths, contentSha256: content.digest('hex') };
}

/**
 * The lengths of the members of bytes that are in the place of a segment, or null unless they have the same content, tenant by tenant: another
 * build of zlib made them of the same records.
 */
export async function lengthsOfSame(bytes: Uint8Array, parts: readonly SegmentPart[]): Promise<number[] | null> {
  const lengths: number[] = [];
  for await (const member of membersOf(bytes)) {
    if (member === null || parts[lengths.length]?.contentSha256 !== sha256Of(member.content)) return null;
    lengths.push(member.length);
  }
  return lengths.length === parts.length ? lengths : null;
}

function byTenant(records: readonly BuiltRecord[]): BuiltRecord[][] {
  const owners = Map.groupBy(records, ({ tenantId }) => tenantId ?? '');
  return [...owners].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own);
}

async function toPart(own: readonly BuiltRecord[]): Promise<SegmentPart> {
  const records = own.toSorted(compareRecords);
  const content = Buffer.from(records.map(({ text }) => `${text}\n`).join(''));
  const [firstAt, lastAt] = endsOf(records.map(({ at }) => at));
  return {
    tenantId: records[0]?.tenantId ?? null,
    records: records.length,
    ...{ content, firstAt, lastAt, contentSha256: sha256Of(content), root: rootOver(await leavesOf(records)) },
  };
}

/** The first and the last of times, which are texts of one form. */
function endsOf(times: readonly string[]): [first: string, last: string] {
  let [first] = times;
  check(first !== undefined, 'a part of a segment has records');
  let last = first;
  for (const at of times) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  return [first, last];
}

async function leavesOf(records: readonly BuiltRecord[]): Promise<string[]> {
  const leaves: string[] = [];
  for (const { text } of records) {
    if (leaves.push(leafHash(text)) % recordsAtOnce === 0) await setImmediate();
  }
  return leaves;
}
