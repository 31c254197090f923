import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { postgresDataFolder } from './postgres-binaries.ts';
import { canEnter, postgresUser } from './postgres-user.ts';

/** As root Postgres runs as another user, who may not pass a private home; otherwise it runs as the current user. */
const user = postgresUser();
const home = mkdtempSync(join(tmpdir(), 'quittance-home-'));
const folder = join(home, 'data');
mkdirSync(folder);
afterAll(() => rmSync(home, { recursive: true }));

test.each([
  ['open to all', 0o755, true],
  ['to be passed', 0o711, true],
  ['closed', 0o700, !user],
])('a home that is %s', (_, mode, isInside) => {
  chmodSync(home, mode);
  expect(canEnter(folder, user)).toBe(isInside);
  const data = postgresDataFolder(folder, user);
  expect(data === join(folder, 'postgres')).toBe(isInside);
  if (isInside) return;
  expect(canEnter(dirname(data), user)).toBe(true);
  expect(statSync(dirname(data)).mode & 0o777).toBe(0o711);
  rmSync(dirname(data), { recursive: true });
});
