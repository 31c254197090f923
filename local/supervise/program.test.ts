import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openChildrenRecord } from '../children-record.ts';
import { identityOf } from '../process-identity.ts';
import { temporalPlan } from '../servers/temporal.ts';
import { backoffMs, type ChildPlan, startChild } from './program.ts';

let folder = '';
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-child-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('waits 1 s, 2 s, 4 s and so on, never more than 30 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 60].map(backoffMs)).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test('starts a child again when it is killed, and keeps the list of living children true', async () => {
  const child = startChild(aPlan({ script: 'setInterval(() => {}, 1000)' }), surroundings());
  await child.whenReady();
  const first = child.pid();
  expect(recorded()).toEqual([first]);
  process.kill(Number(first), 'SIGKILL');
  await until(() => child.pid() !== null && child.pid() !== first);
  expect(said).toEqual(['ended by SIGKILL; starting it again in 1 s']);
  expect(recorded()).toEqual([child.pid()]);
  const last = Number(child.pid());
  await child.stop();
  expect(identityOf(last)).toBeNull();
  expect(() => recorded()).toThrow('ENOENT');
});

test('gives up on a child that keeps dying before it was ready, with its last words', async () => {
  const script = 'console.error("the setting X is missing"); process.exit(3)';
  const child = startChild(aPlan({ script, answers: async () => false }), { ...surroundings(), keepAlive: false });
  await expect(child.whenReady()).rejects.toThrow(/ended once while starting.*\n.*the setting X is missing/);
  await child.stop();
});

test('says what to do about a damaged file of Temporal, of which only its last words tell', async () => {
  const { advice } = temporalPlan({ binary: '', folder: '/data', port: 1 });
  const plan = aPlan({ script: '', answers: async () => false, ...(advice && { advice }) });
  const dying = async (words: string) => {
    const script = `console.error(${JSON.stringify(words)}); process.exit(1)`;
    const child = startChild({ ...plan, args: ['-e', script] }, { ...surroundings(), keepAlive: false });
    const fault: unknown = await child.whenReady().catch((error: unknown) => error);
    await child.stop();
    return String(fault);
  };
  expect(await dying('unable to connect: SQL logic error: file is not a database (26)')).toMatch(
    /\nTemporal's file \/data\/temporal\.db is damaged: delete it [^\n]+$/,
  );
  expect(await dying('bind: address already in use')).not.toContain('is damaged');
});

test('what Temporal writes is closed to other users, and the launcher goes on as it was', async () => {
  writeFileSync(join(folder, 'before'), '');
  const { writesPrivately } = temporalPlan({ binary: '', folder: '/data', port: 1 });
  const script = 'require("fs").writeFileSync("written", ""); setInterval(() => {}, 1000)';
  const answers = async () => statSync(join(folder, 'written')).isFile();
  const child = startChild(aPlan({ script, answers, ...(writesPrivately && { writesPrivately }) }), surroundings());
  await child.whenReady();
  await child.stop();
  writeFileSync(join(folder, 'after'), '');
  const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;
  expect([modeOf('written'), modeOf('after')]).toEqual([0o600, modeOf('before')]);
});

test('kills a child that does not stop within its bound, and says so', async () => {
  const script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("deaf")';
  const answers = async () => readFileSync(join(folder, 'logs', 'stand-in.log'), 'utf8').includes('deaf');
  const child = startChild(aPlan({ script, answers, stopWithinMs: 200 }), surroundings());
  await child.whenReady();
  const pid = Number(child.pid());
  await child.stop();
  expect(identityOf(pid)).toBeNull();
  expect(said).toEqual(['did not stop within 0.2 s and was killed']);
});

function aPlan(given: { script: string } & Partial<ChildPlan>): ChildPlan {
  const { script, ...rest } = given;
  return {
    name: 'stand-in',
    command: process.execPath,
    args: ['-e', script],
    env: {},
    cwd: folder,
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    answers: async () => true,
    readyWithinMs: 10_000,
    loudness: 'nothing',
    ...rest,
  };
}

function surroundings() {
  const record = openChildrenRecord(join(folder, 'children.json'));
  return { record, logFolder: join(folder, 'logs'), say: (line: string) => void said.push(line) };
}

function recorded(): number[] {
  const entries: { pid: number }[] = JSON.parse(readFileSync(join(folder, 'children.json'), 'utf8'));
  return entries.map(({ pid }) => pid);
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it did not happen within 5 s');
    await sleep(20);
  }
}
