import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { isLocked, takeLock, waitForLock } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'quittance-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a lock is held by one process until that ends, SIGKILL included; its file stays and has no meaning', async () => {
  const path = join(folder, 'a.lock');
  expect(isLocked(path)).toBe(false);
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', holdsLock(path)]);
  await once(holder.stdout, 'data');
  expect([isLocked(path), takeLock(path)]).toEqual([true, null]);
  expect(readdirSync(folder)).toEqual(['a.lock']);
  expect(await waitForLock(path, 200, () => {})).toBeNull();

  const release = await waitForLock(path, 10_000, () => holder.kill('SIGKILL'));
  expect(release).not.toBeNull();
  expect([isLocked(path), takeLock(path)]).toEqual([true, null]);
  release?.();
  expect(isLocked(path)).toBe(false);
});

test('the lock of a killed process is free without another process taking it', async () => {
  const path = join(folder, 'b.lock');
  const holder = spawn(process.execPath, ['--input-type=module', '-e', holdsLock(path)]);
  await once(holder.stdout, 'data');
  expect(isLocked(path)).toBe(true);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(isLocked(path)).toBe(false);
});

test('a wait ends with what its caller throws', async () => {
  const path = join(folder, 'c.lock');
  const release = takeLock(path);
  const wait = waitForLock(path, 10_000, () => {
    throw new Error('another copy runs there');
  });
  await expect(wait).rejects.toThrow('another copy runs there');
  release?.();
});

const holdsLock = (path: string): string =>
  `const { takeLock } = await import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))});
   takeLock(${JSON.stringify(path)}); globalThis.gc?.(); console.log('held'); setInterval(() => {}, 1000);`;
