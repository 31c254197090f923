import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { publishCheckpoint } from '../activities/archive/publish-checkpoint.ts';
import { archiveTerms } from '../activities/archive/terms.ts';
import type { ObjectStore } from '../storage/port.ts';
import { sha256Of } from '../storage/sha256.ts';
import { aTransfer } from '../test/support/fixtures/accounts.ts';
import { type ArchiveFiles, fileOf, filesOf, folderOf, without } from '../test/support/fixtures/archive-files.ts';
import { archiveIn, type TestArchive } from '../test/support/fixtures/archived.ts';
import { rewritten } from '../test/support/fixtures/rewritten-archive.ts';
import { freshDelivery } from '../test/support/harness/delivery.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { storageUrls, storeAt } from '../test/support/harness/storage.ts';

/** What a tenant has who keeps the notices of its receiver: a real archive, a real worker that delivers, and the command that verifies. */
const delivery = freshDelivery();
const { folder, removeFolder } = storageUrls();
const kept = mkdtempSync(join(tmpdir(), 'quittance-kept-'));
// A bound for hanging processes: a test starts up to six, and a busy machine is slow.
jest.setTimeout(inTime(300_000));

let store: ObjectStore;
let archive: TestArchive;
beforeAll(() => {
  store = storeAt(folder);
  archive = archiveIn(store, delivery.pools);
});
afterAll(() => {
  store.close();
  removeFolder();
  rmSync(kept, { recursive: true });
});

async function segments(count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts));
    await archive.settled();
    await archive.round({ terms: { ...archiveTerms, emptyAfterMs: 0, segmentsMax: 1 } });
  }
}

/** The command that the page for auditors names: its code, and what it says of the promises that are broken. */
function verified(files: ArchiveFiles, checkpoint?: string): Promise<{ code: number; broken: string | null }> {
  const path = folderOf(files);
  const keys = archive.signers.flatMap(({ verifierKey }) => ['--key', verifierKey]);
  const own = checkpoint === undefined ? [] : ['--checkpoint', checkpoint];
  const command = [join(import.meta.dirname, 'main.ts'), 'verify', '--archive', path, ...keys, ...own];
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env: { PATH } }, (error, out) => {
      rmSync(path, { recursive: true });
      const [, broken = null] = /^BROKEN {2}([\s\S]*)/m.exec(out) ?? [];
      resolve({ code: error === null ? 0 : Number(error.code), broken });
    });
  });
}

test('who keeps the checkpoint of a notice finds that the archive was written again with our own key, or cut off; without it nobody does', async () => {
  const { receiver } = await delivery.anEndpoint({ eventTypes: ['checkpoint.published'] });
  await segments(4);
  const { pools, waker } = delivery;
  const publish = publishCheckpoint({
    pool: pools.worker,
    onCommit: async ({ endpoints }) => waker.wake(endpoints),
    stopping: new AbortController().signal,
  });
  expect(await publish()).toEqual({ tenants: 1 });
  const [call] = await receiver.received(1);
  const { type, data } = JSON.parse(call?.body ?? '{}') as {
    type: string;
    data: { subject: { type: string; id: string }; evidence: { checkpoint: string } & Record<string, unknown> };
  };
  const { checkpoint, ...facts } = data.evidence;
  const newest = Buffer.from((await filesOf(store)).get(fileOf(4, 'note')) ?? []);
  expect([type, data.subject]).toEqual([
    'checkpoint.published',
    { type: 'checkpoint', id: expect.stringMatching(/^cp_/) },
  ]);
  expect(checkpoint).toBe(newest.toString());
  const signedAt = expect.stringMatching(/^20\S+Z$/);
  expect(facts).toEqual({ sha256: sha256Of(newest), epoch: 1, segment: 4, tree_size: 4, signed_at: signedAt });
  const file = join(kept, 'today.note');
  writeFileSync(file, checkpoint);

  await segments(2);
  const files = await filesOf(store);
  const sound = { code: 0, broken: null };
  expect(await verified(files, file)).toEqual(sound);

  const forged = await rewritten(files, {
    signers: archive.signers,
    rows: (rows, { n }) => (n === 3 ? rows.map((row) => row.replace('"version":1', '"version":2')) : rows),
  });
  expect(await verified(forged)).toEqual(sound);
  expect(await verified(forged, file)).toEqual({
    code: 1,
    broken: expect.stringMatching(/^outside .*\n.*this archive has another history/),
  });

  const cut = without(files, 4, 5, 6);
  expect(await verified(cut)).toEqual(sound);
  expect(await verified(cut, file)).toEqual({
    code: 1,
    broken: expect.stringMatching(/^outside .*\n.*it signs 4 manifests, and epoch 1 of this archive ends at 3/),
  });
});
