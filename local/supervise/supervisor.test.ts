import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { check } from '../../domain/check.ts';
import { endLeftovers, openChildrenRecord } from '../children-record.ts';
import { identityOf, lives, type ProcessIdentity } from '../process-identity.ts';
import { launcherLock, type Ready, readReady, writeReady } from '../state-file.ts';
import { holderOf, takeLock } from './lock.ts';

let folder = '';
const started: ProcessIdentity[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-leftovers-'));
});
afterEach(() => {
  for (const identity of started.splice(0)) if (lives(identity)) process.kill(identity.pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('ends a recorded child that still lives, and forgets the list', async () => {
  const left = aProcess();
  const path = join(folder, 'children.json');
  openChildrenRecord(path).add({ ...left, name: 'worker', stopSignal: 'SIGTERM' });
  expect(await endLeftovers(path, () => {})).toBe(1);
  expect(lives(left)).toBe(false);
  expect(existsSync(path)).toBe(false);
});

test('does not touch a process that only has the pid of a recorded child', async () => {
  const other = aProcess();
  const path = join(folder, 'children.json');
  openChildrenRecord(path).add({ pid: other.pid, startTime: 'another', name: 'worker', stopSignal: 'SIGTERM' });
  expect(await endLeftovers(path, () => {})).toBe(0);
  expect(lives(other)).toBe(true);
});

test('a lock of a living process is held; one of a dead process, or of its pid in a later life, is taken over', () => {
  const path = join(folder, 'a.lock');
  const holder = aProcess();
  writeFileSync(path, JSON.stringify(holder));
  expect(takeLock(path)).toEqual({ taken: false, holder });
  writeFileSync(path, JSON.stringify({ ...holder, startTime: 'another' }));
  const lock = takeLock(path);
  expect(lock.taken).toBe(true);
  expect(holderOf(path)?.pid).toBe(process.pid);
  check(lock.taken, 'just seen to be taken');
  lock.release();
  expect(holderOf(path)).toBeNull();
});

test('believes ready.json only while the launcher that wrote it lives', () => {
  const launcher = aProcess();
  writeReady(folder, { ...aReady, pid: launcher.pid });
  expect(readReady(folder)).toBeNull();
  writeFileSync(launcherLock(folder), JSON.stringify(launcher));
  expect(readReady(folder)).toMatchObject({ api: aReady.api, pid: launcher.pid });
  writeFileSync(launcherLock(folder), JSON.stringify({ ...launcher, startTime: 'another' }));
  expect(readReady(folder)).toBeNull();
});

const aReady: Ready = {
  api: 'http://127.0.0.1:3001',
  docs: 'http://127.0.0.1:3001/docs',
  temporalUi: 'http://127.0.0.1:8233',
  simulator: 'http://127.0.0.1:4010',
  tenant: 'tn_1',
  key: 'qk_1',
  accounts: { ada: 'ac_1', grace: 'ac_2', funding: 'ac_3' },
  pid: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
};

function aProcess(): ProcessIdentity {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  check(child.pid !== undefined, 'it was spawned');
  const identity = identityOf(child.pid);
  check(identity, 'it lives');
  started.push(identity);
  return identity;
}
