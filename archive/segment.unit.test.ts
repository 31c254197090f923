import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { toPublic } from '../domain/ids.ts';
import { membersOf } from './members.ts';
import type { BuiltRecord } from './record.ts';
import { buildSegment, lengthsOfSame } from './segment.ts';
import { type Slice, type SliceBefore, slicesOf } from './slice.ts';
import { leafHash, rootOver } from './tree.ts';

const tenants = [null, '01890a5d-ac96-774b-bcce-b302099a8001', '01890a5d-ac96-774b-bcce-b302099a8002'];

/** So many records of each tenant, in the sequence in which they are read. */
const recordsOf = (perTenant: number): BuiltRecord[] =>
  tenants.flatMap((tenantId, place) =>
    Array.from({ length: perTenant }, (_, i): BuiltRecord => {
      const at = `2026-10-0${3 - place}T10:00:00.${String(perTenant - i).padStart(3, '0')}Z`;
      return { type: 'act', tenantId, xid: String(i), id: `au_${i}`, at, text: `{"id":"au_${place}_${i}"}` };
    }),
  );
const textOf = (own: readonly BuiltRecord[]): string => own.map(({ text }) => `${text}\n`).join('');
const sha256Of = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('a segment is a gzip file of all records, and of each tenant alone', async () => {
  const records = recordsOf(50);
  const { bytes, lengths, parts, contentSha256 } = await buildSegment(records);
  expect(gunzipSync(bytes).toString()).toBe(textOf(records));
  expect(contentSha256).toBe(sha256Of(textOf(records)));
  expect(parts.map(({ tenantId }) => tenantId)).toEqual(tenants);
  let offset = 0;
  for (const [i, tenantId] of tenants.entries()) {
    const own = records.filter((record) => record.tenantId === tenantId);
    const length = lengths[i] ?? 0;
    expect(gunzipSync(bytes.subarray(offset, offset + length)).toString()).toBe(textOf(own));
    offset += length;
    expect(parts[i]).toMatchObject({
      ...{ records: 50, root: rootOver(own.map(({ text }) => leafHash(text))), contentSha256: sha256Of(textOf(own)) },
      ...{ firstAt: own.at(-1)?.at, lastAt: own[0]?.at },
    });
  }
  expect(offset).toBe(bytes.length);
});

test('records that come in another sequence make the same bytes', async () => {
  const records = recordsOf(1_100);
  const first = await buildSegment(records);
  for (const shuffled of [records.toReversed(), records.toSorted((a, b) => (a.id < b.id ? -1 : 1))])
    expect(await buildSegment(shuffled)).toEqual(first);
});

test('bytes of another build are known by their members, and those of other records are not', async () => {
  const records = recordsOf(50);
  const { parts, bytes, lengths } = await buildSegment(records);
  const others = parts.map(({ content }) => gzipSync(content, { level: 1 }));
  expect(others.map(({ length }) => length)).not.toEqual(lengths);
  expect(await lengthsOfSame(Buffer.concat(others), parts)).toEqual(others.map(({ length }) => length));
  expect(await lengthsOfSame(bytes, parts)).toEqual(lengths);
  const all = Buffer.concat(parts.map(({ content }) => content));
  const damaged = Buffer.from(bytes);
  damaged.writeUInt32LE(0, damaged.length - 8);
  for (const [name, other] of [
    ['one member of all', gzipSync(all)],
    ['other records', (await buildSegment(recordsOf(49))).bytes],
    ['a member less', Buffer.concat(others.slice(0, 2))],
    ['a member more', Buffer.concat([...others, gzipSync('')])],
    ['no gzip', Buffer.from('{}')],
    ['nothing', Buffer.alloc(0)],
    ['the end cut off', bytes.subarray(0, -5)],
    ['data cut off', bytes.subarray(0, 40)],
    ['something behind it', Buffer.concat([bytes, Buffer.from('x')])],
    ['a wrong checksum', damaged],
    ['wrong data', Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(bytes.length - 12, 0xff)])],
  ] as const)
    expect([name, await lengthsOfSame(other, parts)]).toEqual([name, null]);
});

test('members are found wherever the bytes begin in memory', async () => {
  const file = Buffer.concat([Buffer.from('before'), gzipSync('one'), gzipSync('two')]).subarray(6);
  const members = await Array.fromAsync(membersOf(file));
  expect(members.map((member) => member && Buffer.from(member.content).toString())).toEqual(['one', 'two']);
});

test('a slice says where its member is, and which one of its tenant was before it', async () => {
  const { parts, lengths } = await buildSegment(recordsOf(2));
  const before: SliceBefore = { n: 3, sha256: 'ab', records: 40 };
  const built = slicesOf({ parts, lengths }, { n: 7, before: new Map([[tenants[1] ?? null, before]]) });
  const slices = built.map(({ text }): Slice => JSON.parse(text));
  expect(slices.map(({ tenant }) => tenant)).toEqual(tenants.map((id) => id && toPublic('tenant', id)));
  expect(slices.map((slice) => slice.before)).toEqual([null, before, null]);
  const [first = 0, second = 0] = lengths;
  expect(slices.map(({ offset, length }) => [offset, length])).toEqual([
    [0, first],
    [first, second],
    [first + second, lengths[2]],
  ]);
  for (const [i, { sha256, text, tenantId, records }] of built.entries())
    expect([sha256, tenantId, records]).toEqual([sha256Of(text), parts[i]?.tenantId, 2]);
  expect(built[0]?.text.startsWith('{"before":null,"content_sha256":"')).toBe(true);
});

test('a segment without records is none', async () => {
  await expect(buildSegment([])).rejects.toThrow('has records');
});
