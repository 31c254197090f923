import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inTime } from '../test/support/harness/in-time.ts';
import { lockInstance, waitForInstance } from './instance.ts';
import { freePort } from './ports.ts';
import { keepSecrets } from './secrets.ts';
import { type PortName, portNames, readLocalSettings } from './settings.ts';
import { StartFault } from './start-fault.ts';
import { instanceLock, type RunningCopy, readState, writeState } from './state-file.ts';
import { takeLock } from './supervise/lock.ts';

const isRoot = process.getuid?.() === 0;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-instance-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a new data folder is private; as root other users may pass through it', async () => {
  const data = join(folder, 'a', 'b');
  await takeAndLeave(data);
  expect(modeOf(data)).toBe(isRoot ? '711' : '700');
  mkdirSync(join(folder, 'beside'));
  expect(modeOf(join(folder, 'a'))).toBe(modeOf(join(folder, 'beside')));
});

test('a folder with other things is refused and unchanged; what a reset left is ours', async () => {
  writeFileSync(join(folder, 'thesis.txt'), '');
  mkdirSync(join(folder, 'logs'));
  chmodSync(folder, 0o755);
  await expect(takeAndLeave(folder)).rejects.toThrow(
    /contains other things .* set LOCAL_DATA to a new or an empty folder\.$/,
  );
  expect(modeOf(folder)).toBe('755');
  rmSync(join(folder, 'thesis.txt'));
  await takeAndLeave(folder);
});

// /proc allows no new folders and answers ENOENT. In a separate process, which can be ended if the call never returns.
(existsSync('/proc/self') ? test : test.skip)('a place where no folder can be made is an error immediately', () => {
  const script = `const { makeDataFolderPrivate } = await import(${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))});
    try { makeDataFolderPrivate('/proc/x/y'); } catch (error) { console.log(error.name + ': ' + error.message); }`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: inTime(20_000),
  });
  expect(printed).toMatch(
    /^StartFault: The folder \/proc\/x cannot be made \(.*ENOENT.*\): set LOCAL_DATA to another place\.\n$/,
  );
});

test('unreadable passwords are not replaced', () => {
  const path = join(folder, 'secrets.json');
  const made = keepSecrets(folder);
  expect(keepSecrets(folder)).toEqual(made);
  for (const damaged of [readFileSync(path, 'utf8').slice(0, 40), '', '{"postgres": 7}']) {
    writeFileSync(path, damaged);
    expect(() => keepSecrets(folder)).toThrow(StartFault);
    expect(() => keepSecrets(folder)).toThrow(
      /secrets\.json cannot be read or is damaged.*restore that file.*npm run reset/,
    );
    expect(readFileSync(path, 'utf8')).toBe(damaged);
  }
});

test('missing passwords are not replaced while their data exists', () => {
  mkdirSync(join(folder, 'postgres'));
  expect(() => keepSecrets(folder)).toThrow(
    /secrets\.json is missing, and this copy's data cannot be used without its passwords/,
  );
});

test('uses ready.json only while the copy that wrote it runs', async () => {
  writeState(folder, aCopy);
  expect(readState(folder)).toBeNull();
  const release = takeLock(instanceLock(folder));
  expect(readState(folder)).toEqual(aCopy);
  await expect(takeAndLeave(folder)).rejects.toThrow(
    /^Quittance already runs at http:\/\/127\.0\.0\.1:3001 \(pid 1\): stop it with Ctrl-C there, or set LOCAL_DATA /,
  );
  release?.();
  expect(readState(folder)).toBeNull();
  await takeAndLeave(folder);
});

test('waits for a copy that is stopping', async () => {
  const release = takeLock(instanceLock(folder));
  const printed: string[] = [];
  const waiting = waitForInstance(folder, (line) => printed.push(line), 'wait');
  await sleep(300);
  release?.();
  (await waiting)();
  expect(printed).toEqual(['this copy is just being started or stopped; waiting for that']);
});

const aCopy: RunningCopy = {
  api: 'http://127.0.0.1:3001',
  docs: 'http://127.0.0.1:3001/docs',
  temporal: '127.0.0.1:7233',
  temporalUi: 'http://127.0.0.1:8233',
  codecServer: 'http://127.0.0.1:3002',
  simulator: 'http://127.0.0.1:4010',
  control: 'a-token',
  owner: 'postgres://127.0.0.1/quittance',
  reader: 'postgres://127.0.0.1/quittance',
  storage: 'http://127.0.0.1:7070',
  archiveKey: '/data/archive-key.pem',
  payloadKeys: '/data/payload-keys.txt',
  tenant: 'tn_1',
  key: 'qk_1',
  accounts: { ada: 'ac_1', grace: 'ac_2', funding: 'ac_3' },
  pid: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
};

async function takeAndLeave(dataFolder: string): Promise<void> {
  const environment: Partial<Record<PortName, string>> = {};
  for (const name of portNames) environment[name] = String(await freePort());
  const release = await lockInstance({ ...readLocalSettings(environment), dataFolder }, () => {});
  release();
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
