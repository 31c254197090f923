import { beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../domain/ids.ts';
import { type ArchiveFiles, fileOf, flipped, sourceOf, without } from '../test/support/fixtures/archive-files.ts';
import { aSigner, createMadeArchive } from '../test/support/fixtures/made-archive.ts';
import { brokenIn } from '../test/support/fixtures/verified-archive.ts';
import { writeBundle } from './bundle/write-bundle.ts';

const [acme, other] = [uuidV7(), uuidV7()];
const tenant = toPublic('tenant', acme);
const signer = aSigner();
const trusts = [signer];

/** Segments of both tenants, of one of them, of the platform, and of nobody. */
const owners = [[acme, other], [acme], [null], [], [other], [null, acme, other], [acme], [other]] as const;

async function made(): Promise<ArchiveFiles> {
  const archive = createMadeArchive(trusts);
  for (const own of owners) await archive.add(own);
  return archive.files;
}

let files: ArchiveFiles;
beforeAll(async () => {
  files = await made();
});

test('an archive is sound, and so is one whose newest segment is only begun', async () => {
  expect(await brokenIn({ files, trusts })).toEqual({});
  const begun = new Map(files);
  begun.delete(fileOf(8, 'note'));
  expect(await brokenIn({ files: begun, trusts })).toEqual({});
});

test('whichever bit of whichever object is turned over, it is found, with the number of the segment', async () => {
  for (const [name, { length }] of files)
    for (const bit of new Set([
      0,
      3,
      8 * length - 1,
      ...Array.from({ length: 12 }, () => Math.floor(Math.random() * 8 * length)),
    ])) {
      const found = await brokenIn({ files: flipped(files, { name, bit }), trusts });
      const n = Number(name.slice(2, 10));
      expect([name, bit, Object.values(found).some((fault) => fault.startsWith(`segment ${n}: `))]).toEqual([
        name,
        bit,
        true,
      ]);
    }
});

test.each([
  ['its records', 'jsonl.gz', { segments: 'segment 3: its records are missing' }],
  ['its slices', 'slices', { segments: 'segment 3: its slices are missing' }],
  ['its manifest', 'json', { manifests: 'segment 3: it has no manifest' }],
  ['its checkpoint', 'note', { checkpoints: 'segment 3: it has no checkpoint that can be read' }],
])('a segment without %s is found', async (_, suffix, found) => {
  const fewer = new Map(files);
  fewer.delete(fileOf(3, suffix));
  expect(await brokenIn({ files: fewer, trusts })).toMatchObject(found);
});

test('records under a manifest that says there are none are found', async () => {
  const more = new Map([...files, [fileOf(4, 'slices'), files.get(fileOf(3, 'slices')) ?? Buffer.alloc(1)]]);
  expect(await brokenIn({ files: more, trusts })).toMatchObject({
    segments: 'segment 4: it has objects that its manifest does not name',
  });
});

describe('keys', () => {
  const [old, fresh] = [aSigner(), aSigner()];
  const rotated = async (steps: (typeof trusts)[]) => {
    const archive = createMadeArchive(trusts);
    for (const signers of steps) await archive.add([acme], { signers });
    return archive.files;
  };

  test('change while both sign: who trusts the old one learns of the new one, and the other way round', async () => {
    const changed = await rotated([[old], [old], [old, fresh], [fresh], [fresh]]);
    for (const trusted of [old, fresh]) expect(await brokenIn({ files: changed, trusts: [trusted] })).toEqual({});
    expect(await brokenIn({ files: changed, trusts: [aSigner()] })).toMatchObject({
      checkpoints: expect.stringContaining('no key that is trusted signed it'),
    });
  });

  test('a new one that no trusted one signed with is not trusted', async () => {
    const changed = await rotated([[old], [old], [fresh]]);
    expect(await brokenIn({ files: changed, trusts: [old] })).toEqual({
      checkpoints: 'segment 3 is the newest one, and no key that is trusted signed it',
    });
    expect(await brokenIn({ files: changed, trusts: [old, fresh] })).toEqual({});
  });
});

describe('epochs', () => {
  /** The database was restored to what it was behind segment 5. `toXid`: it counts transactions from there. */
  async function withRestore(changes?: { toXid: number }): Promise<ArchiveFiles> {
    const archive = createMadeArchive(trusts);
    for (const own of owners.slice(0, 5)) await archive.add(own);
    const kept = archive.state();
    for (const own of owners.slice(5)) await archive.add(own);
    archive.goOnFrom(kept, changes);
    for (const own of owners.slice(5)) await archive.add(own);
    return archive.files;
  }

  test('go on behind the segment that the next one names, and what was abandoned stays and is named', async () => {
    const two = await withRestore();
    expect([...two.keys()].filter((name) => name.startsWith('2-')).length).toBeGreaterThan(6);
    expect(await brokenIn({ files: two, trusts })).toEqual({});
    expect(await brokenIn({ files: await withRestore({ toXid: 7 }), trusts })).toEqual({});
  });

  test('that leave out transactions, or do not have what they abandoned, are found', async () => {
    expect(await brokenIn({ files: await withRestore({ toXid: 70 }), trusts })).toMatchObject({
      ranges: expect.stringMatching(/^segment 6 of epoch 2: it begins with transaction 70/),
    });
    expect(await brokenIn({ files: without(await withRestore(), 8), trusts })).toMatchObject({
      epochs: expect.stringContaining('segments 6 to 8 were abandoned, and that epoch is here up to 7'),
      checkpoints: expect.stringContaining('the checkpoint of what was abandoned is another than is here'),
    });
    expect(await brokenIn({ files: without(await withRestore(), 5), trusts })).toMatchObject({
      manifests: expect.stringMatching(/^segment 6: number 5 is missing/),
    });
  });

  test('of which one is missing as a whole are found', async () => {
    const one = new Map([...(await withRestore())].filter(([name]) => !name.startsWith('1-')));
    expect(await brokenIn({ files: one, trusts })).toMatchObject({
      manifests: expect.stringMatching(/^segment 6 of epoch 2: number 1 is missing/),
    });
  });
});

describe("a tenant's part", () => {
  const partOf = async (whole: ArchiveFiles) => {
    const part: ArchiveFiles = new Map();
    const put = async (name: string, bytes: Uint8Array) => void part.set(name, bytes);
    const written = await writeBundle({ source: sourceOf(whole), tenant }, put);
    return { part, written };
  };

  test('verifies alone, and says nothing of others', async () => {
    const { part, written } = await partOf(files);
    expect(written).toEqual({ segments: 8, slices: 4, records: 12 });
    expect(await brokenIn({ files: part, trusts, tenant })).toEqual({});
    const all = [...part.values()].map((bytes) => Buffer.from(bytes).toString()).join('');
    expect(all).not.toContain(toPublic('tenant', other));
    expect([...part.keys()].some((name) => /\.(slices|jsonl\.gz)$/.test(name))).toBe(false);
  });

  test.each([
    [
      'a slice is left out',
      ['slice', 'records.gz'],
      { tenants: expect.stringMatching(/^segment 6: .*names that in segment 2/) },
    ],
    ['its records are left out', ['records.gz'], { slices: 'segment 2: its records are missing' }],
    ['its proof is left out', ['slice'], { slices: 'segment 2: it has no slice that can be read' }],
  ])('is broken when %s', async (_, suffixes, found) => {
    const { part } = await partOf(files);
    for (const suffix of suffixes) part.delete(fileOf(2, suffix));
    expect(await brokenIn({ files: part, trusts, tenant })).toMatchObject(found);
  });

  test('is broken when a slice stands in the place of another, or is of somebody else, or all of a segment is there', async () => {
    const { part } = await partOf(files);
    const moved = new Map(part);
    for (const suffix of ['slice', 'records.gz'])
      moved.set(fileOf(7, suffix), part.get(fileOf(2, suffix)) ?? Buffer.alloc(0));
    expect(await brokenIn({ files: moved, trusts, tenant })).toMatchObject({
      slices: 'segment 7: its slice is of segment 2',
    });
    const others = toPublic('tenant', other);
    expect(await brokenIn({ files: part, trusts, tenant: others })).toMatchObject({
      slices: `segment 1: its slice is of ${tenant}`,
    });
    expect(await brokenIn({ files, trusts, tenant })).toHaveProperty('others');
  });
});

test('one whose bits are turned over in a part is found', async () => {
  const part: ArchiveFiles = new Map();
  await writeBundle({ source: sourceOf(files), tenant }, async (name, bytes) => void part.set(name, bytes));
  for (const [name, { length }] of part)
    for (const bit of [1, 4 * length, 8 * length - 2])
      expect([name, bit, await brokenIn({ files: flipped(part, { name, bit }), trusts, tenant })]).not.toEqual([
        name,
        bit,
        {},
      ]);
});
