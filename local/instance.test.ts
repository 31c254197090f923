import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takePlace } from './instance.ts';
import { freePort } from './ports.ts';
import { keepSecrets } from './secrets.ts';
import { defaultPorts, type LocalSettings, type PortName, readLocalSettings } from './settings.ts';
import { StartFault } from './start-fault.ts';

const isRoot = process.getuid?.() === 0;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-place-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a new data folder is closed to others, as root but for a way through', async () => {
  const data = join(folder, 'a', 'b');
  await takeAndLeave(data);
  expect(modeOf(data)).toBe(isRoot ? '711' : '700');
  mkdirSync(join(folder, 'beside'));
  expect(modeOf(join(folder, 'a'))).toBe(modeOf(join(folder, 'beside')));
});

test('what an earlier version left open to others is closed', async () => {
  for (const name of ['temporal.db', 'temporal.db-wal', 'simulator.jsonl', 'of-somebody-else']) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o644);
  }
  await takeAndLeave(folder);
  const modes = readdirSync(folder).map((name) => [name, modeOf(join(folder, name))]);
  expect(Object.fromEntries(modes)).toEqual({
    'temporal.db': '600',
    'temporal.db-wal': '600',
    'simulator.jsonl': '600',
    'of-somebody-else': '644',
  });
});

test('a folder with the things of somebody else is refused and left as it is; what a reset left is ours', async () => {
  writeFileSync(join(folder, 'thesis.txt'), '');
  mkdirSync(join(folder, 'logs'));
  chmodSync(folder, 0o755);
  await expect(takeAndLeave(folder)).rejects.toThrow(
    /holds other things .* set LOCAL_DATA to a new or an empty folder\.$/,
  );
  expect(modeOf(folder)).toBe('755');
  rmSync(join(folder, 'thesis.txt'));
  await takeAndLeave(folder);
});

// /proc takes no new folders, and says ENOENT. In a process of its own, which can be ended if it never comes back.
(existsSync('/proc/self') ? test : test.skip)('a place where no folder can be made is told at once', () => {
  const script = `const { makeDataFolderPrivate } = await import(${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))});
    try { makeDataFolderPrivate('/proc/x/y'); } catch (error) { console.log(error.name + ': ' + error.message); }`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(said).toMatch(
    /^StartFault: The folder \/proc\/x cannot be made \(.*ENOENT.*\): set LOCAL_DATA to another place\.\n$/,
  );
});

test('passwords that cannot be read are not made anew', () => {
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

test('passwords that are gone are not made anew beside the data that they open', () => {
  mkdirSync(join(folder, 'postgres'));
  expect(() => keepSecrets(folder)).toThrow(/secrets\.json is missing, and without the passwords in it/);
});

async function takeAndLeave(dataFolder: string): Promise<void> {
  const ports = { ...defaultPorts } as LocalSettings['ports'];
  for (const name of Object.keys(defaultPorts) as PortName[]) ports[name] = await freePort();
  const place = await takePlace({ ...readLocalSettings({}), dataFolder, ports });
  place.leave();
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
