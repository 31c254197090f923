import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { temporalPlan } from '../servers/temporal.ts';
import { backoffMs, type Program, type ProgramPlan, type Surroundings, startProgram } from './program.ts';

let folder = '';
let printed: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-program-'));
  printed = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const runs = 'setInterval(() => {}, 1000)';

test('waits 1 s, 2 s, 4 s and so on, never more than 30 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 60].map(backoffMs)).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test('starts a program again when it is killed', async () => {
  const program = start({ script: runs });
  await program.whenReady();
  const first = program.pid();
  process.kill(Number(first), 'SIGKILL');
  await until(() => program.pid() !== null && program.pid() !== first);
  expect(printed).toEqual(['ended by SIGKILL; starting it again in 1 s']);
  const last = Number(program.pid());
  await program.stop();
  expect([isAlive(Number(first)), isAlive(last), program.pid()]).toEqual([false, false, null]);
});

test('a program that was ready may end any number of times, and `kill` tells which of its ends were ours', async () => {
  const program = start({ script: runs }, { restartAfterMs: () => 10 });
  const killed: (number | null)[] = [];
  for (let n = 0; n < 5; n += 1) {
    await program.whenReady();
    const pid = program.pid();
    killed.push((await program.kill()) === pid ? pid : null);
  }
  await program.whenReady();
  expect(new Set(killed).size).toBe(5);
  expect(killed).not.toContain(null);
  expect(program.ends()).toBe(5);
  await program.stop();
  expect(await program.kill()).toBeNull();
});

test('gives up on a program that keeps ending before it was ready, with its last lines', async () => {
  const script = 'console.error("the setting X is missing"); process.exit(3)';
  const program = start({ script, answers: async () => false }, { restartAfterMs: null });
  await expect(program.whenReady()).rejects.toThrow(/ended once while starting.*\n.*the setting X is missing/);
  await program.stop();
});

test('tries three times before it gives up, and reports each time how it ended', async () => {
  const program = start({ script: 'process.exit(3)', answers: async () => false }, { restartAfterMs: () => 10 });
  await expect(program.whenReady()).rejects.toThrow('ended 3 times while starting. It wrote nothing.');
  expect(printed).toEqual(Array(2).fill('ended with code 3; starting it again in 0.01 s'));
  await program.stop();
});

test('says what to do about a damaged file of Temporal, recognised by its last lines', async () => {
  const { advice } = temporalPlan('temporal', { folder: '/data', port: 1 });
  const faultOf = async (line: string) => {
    const script = `console.error(${JSON.stringify(line)}); process.exit(1)`;
    const program = start({ script, answers: async () => false, ...(advice && { advice }) }, { restartAfterMs: null });
    const fault: unknown = await program.whenReady().catch((error: unknown) => error);
    await program.stop();
    return String(fault);
  };
  expect(await faultOf('unable to connect: SQL logic error: file is not a database (26)')).toMatch(
    /\nTemporal's file \/data\/temporal\.db is damaged: delete it [^\n]+$/,
  );
  expect(await faultOf('bind: address already in use')).not.toContain('is damaged');
});

test('what a program writes is private, and what we write is unchanged', async () => {
  writeFileSync(join(folder, 'before'), '');
  const script = `require("fs").writeFileSync("written", ""); ${runs}`;
  const program = start({ script, answers: async () => statSync(join(folder, 'written')).isFile() });
  await program.whenReady();
  await program.stop();
  writeFileSync(join(folder, 'after'), '');
  const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;
  expect([modeOf('written'), modeOf('after')]).toEqual([0o600, modeOf('before')]);
});

test('kills a program that does not stop within its bound, and reports it', async () => {
  const script = `process.on("SIGTERM", () => {}); ${runs}; console.log("deaf")`;
  const answers = async () => readFileSync(join(folder, 'logs', 'stand-in.log'), 'utf8').includes('deaf');
  const program = start({ script, answers, stopWithinMs: 200 });
  await program.whenReady();
  const pid = Number(program.pid());
  await program.stop();
  expect(isAlive(pid)).toBe(false);
  expect(printed).toEqual(['did not stop within 0.2 s and was killed']);
});

function start(
  { script, ...more }: { script: string } & Partial<ProgramPlan>,
  surroundings: Partial<Surroundings> = {},
): Program {
  const plan: ProgramPlan = {
    name: 'stand-in',
    command: process.execPath,
    args: ['-e', script],
    env: { PATH: process.env['PATH'] },
    cwd: folder,
    stopSignal: 'SIGTERM',
    stopWithinMs: inTime(15_000),
    answers: async () => true,
    readyWithinMs: inTime(30_000),
    loudness: 'nothing',
    ...more,
  };
  return startProgram(plan, {
    logFolder: join(folder, 'logs'),
    print: (line) => void printed.push(line),
    ...surroundings,
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
