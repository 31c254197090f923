import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { check } from '../../domain/check.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { aDay, storageUrls, storeAt } from '../../test/support/harness/storage.ts';
import { anObject } from '../contract.ts';
import type { NewObject } from '../port.ts';

/** A folder on a disk that fills up, whose writers are killed, and whose files others change. */
const { folder, removeFolder } = storageUrls();
const root = fileURLToPath(folder);
const store = storeAt(folder);
afterAll(removeFolder);

async function put(object: NewObject) {
  const result = await store.put(object);
  check(result.ok, 'it was refused');
  return { ...object, versionId: result.value.versionId };
}
const filesOf = ({ area, key }: NewObject) => join(root, area, `${key}.object`);

/** Puts objects in a process of its own, in whose code a `%` stands for the URL of a folder. */
const writer = (lines: string, command: readonly string[] = []) => {
  const module = (path: string) => JSON.stringify(join(import.meta.dirname, '..', path));
  const script = `
    const { openStorage } = await import(${module('open.ts')});
    const { anObject } = await import(${module('contract.ts')});
    const { sha256Of } = await import(${module('sha256.ts')});
    const { secret } = await import(${module('../config/secret.ts')});
    const at = (url) => openStorage({ url: secret(url), region: 'x', bucketPrefix: 'x', owner: null }, { linkBase: '' });
    const aDay = { mode: 'compliance', until: new Date(Date.now() + 86_400_000) };
    const ofBytes = (bytes) => ({ ...anObject(aDay), bytes, sha256: sha256Of(bytes) });
    ${lines}`;
  const [program, ...args] = [...command, process.execPath, '--input-type=module', '-e', script];
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
};

test('a writer that is killed leaves whole objects and drafts, and an old draft is removed', async () => {
  const child = writer(`
    const store = at(${JSON.stringify(folder)});
    for (let n = 0; ; n += 1) {
      await store.put(ofBytes(Buffer.alloc(4_000_000, String(n))));
      process.stdout.write('.');
    }`);
  await once(child.stdout, 'data');
  await until(() => readdirSync(join(root, '.drafts')).length > 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { versions } = await store.versions({ area: 'statements', prefix: '' });
  expect(versions.length).toBeGreaterThan(0);
  for (const at of versions) {
    const head = await store.head(at);
    check(head.ok && head.value.sha256, 'an object without its facts');
    expect(head.value).toMatchObject({ bytes: 4_000_000, retention: { mode: 'compliance' } });
    expect(await store.read({ ...at, sha256: head.value.sha256 })).toMatchObject({ ok: true });
  }
  const draft = join(root, '.drafts', 'of-a-killed-writer');
  mkdirSync(draft);
  const longAgo = Date.now() / 1000 - 7_200;
  utimesSync(draft, longAgo, longAgo);
  await storeAt(folder).put(anObject(aDay()));
  expect(readdirSync(join(root, '.drafts'))).not.toContain('of-a-killed-writer');
});

test('two processes that put other bytes under one key at once: one puts, the other gets the conflict', async () => {
  const { key } = anObject(aDay());
  const lines = `
    const put = await at(${JSON.stringify(folder)}).put({ ...anObject(aDay), key: ${JSON.stringify(key)} });
    process.stdout.write(put.ok ? 'put' : put.refusal.code);`;
  const ends = await Promise.all([1, 2, 3].map(() => text(writer(lines).stdout)));
  expect(ends.toSorted()).toEqual(['conflict', 'conflict', 'put']);
});

test('full: a put says so, leaves no draft, and what was put is still read', async () => {
  const disk = join(root, 'disk');
  mkdirSync(disk);
  const child = writer(
    `
    import { readdirSync } from 'node:fs';
    import { pathToFileURL } from 'node:url';
    const store = at(pathToFileURL(${JSON.stringify(disk)}).href);
    const first = anObject(aDay);
    const { value } = await store.put(first);
    const fault = await store.put(ofBytes(Buffer.alloc(4_000_000))).catch((error) => error);
    const read = await store.read({ ...first, versionId: value.versionId });
    const drafts = readdirSync(${JSON.stringify(join(disk, '.drafts'))});
    process.stdout.write(JSON.stringify([fault.name, fault.code, read.ok, drafts]));`,
    [
      'unshare',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      `mount -t tmpfs -o size=2m tmpfs '${disk}' && exec "$0" "$@"`,
    ],
  );
  expect(await text(child.stdout)).toBe('["StorageFault","full",true,[]]');
});

test('bytes that somebody changed on the disk are a fault when they are read', async () => {
  const object = await put(anObject(aDay()));
  const path = join(filesOf(object), object.versionId);
  chmodSync(path, 0o600);
  writeFileSync(path, 'others');
  await expect(store.read(object)).rejects.toMatchObject({ name: 'StorageFault', code: 'corrupt' });
});

test('a date that somebody removed is given again by the same put; one is never made shorter', async () => {
  const object = await put(anObject(aDay()));
  const names = () => readdirSync(filesOf(object)).filter((name) => name.includes('.compliance.'));
  const [kept = ''] = names();
  rmSync(join(filesOf(object), kept));
  await put(object);
  expect(names()).toEqual([kept]);
  await put({ ...object, retention: { mode: 'compliance', until: new Date(Date.now() + 3_600_000) } });
  expect(names()).toEqual([kept]);
});

test('only their owner can read objects, and nobody writes them', async () => {
  const object = await put(anObject(aDay()));
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect(readdirSync(filesOf(object)).map((name) => modeOf(join(filesOf(object), name)))).toEqual([
    '400',
    '400',
    '400',
  ]);
  expect([filesOf(object), join(root, 'statements')].map(modeOf)).toEqual(['700', '700']);
});

test('a folder that cannot be one is a fault, for each call', async () => {
  const path = join(root, 'file');
  writeFileSync(path, '');
  const broken = storeAt(`${folder}/file`);
  await expect(broken.put(anObject(aDay()))).rejects.toMatchObject({ name: 'StorageFault', code: 'unusable' });
  await expect(broken.versions({ area: 'statements', prefix: '' })).rejects.toMatchObject({ code: 'unusable' });
  symlinkSync('loop', join(root, 'loop'));
  await expect(storeAt(`${folder}/loop`).put(anObject(aDay()))).rejects.toMatchObject({ code: 'unusable' });
});
