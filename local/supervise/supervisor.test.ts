import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../test/support/harness/in-time.ts';

/** A command, its supervisor and one program, each a real process; one is killed, and the test watches the others. */
let folder = '';
let command: ChildProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-supervisor-'));
  writeFileSync(join(folder, 'program.mjs'), program);
  writeFileSync(join(folder, 'supervisor.mjs'), supervisor);
  writeFileSync(join(folder, 'command.mjs'), commandScript);
  command = spawn(process.execPath, [join(folder, 'command.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  await until(() => existsSync(join(folder, 'ready')));
});
afterEach(async () => {
  for (const name of ['supervisor', 'program']) if (isAlive(pidOf(name))) process.kill(pidOf(name), 'SIGKILL');
  command.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('when the command is killed, the supervisor stops the program gracefully and exits', async () => {
  command.kill('SIGKILL');
  await until(() => !isAlive(pidOf('supervisor')));
  expect([isAlive(pidOf('program')), existsSync(join(folder, 'stopped'))]).toEqual([false, true]);
});

test('when the supervisor is killed, the program is killed with it, and the command learns it', async () => {
  const exit = once(command, 'exit');
  process.kill(pidOf('supervisor'), 'SIGKILL');
  await until(() => !isAlive(pidOf('program')));
  await exit;
  expect([command.exitCode, existsSync(join(folder, 'stopped'))]).toEqual([7, false]);
});

// What `kill -9` of every Node process does. Elsewhere no process is left to do it.
(process.platform === 'linux' ? test : test.skip)('when both are killed, the kernel ends the program', async () => {
  for (const pid of [command.pid ?? 0, pidOf('supervisor')]) process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pidOf('program')));
});

test('Ctrl-C reaches the command alone, and the supervisor stops the program once', async () => {
  command.kill('SIGINT');
  await once(command, 'exit');
  expect([command.exitCode, isAlive(pidOf('program')), existsSync(join(folder, 'stopped'))]).toEqual([0, false, true]);
});

test('a terminal that is closed does not end the supervisor before it has stopped the program', async () => {
  command.stdout?.destroy();
  writeFileSync(join(folder, 'talk'), '');
  await until(() => existsSync(join(folder, 'talked')));
  expect([isAlive(pidOf('supervisor')), isAlive(pidOf('program'))]).toEqual([true, true]);
  command.kill('SIGKILL');
  await until(() => !isAlive(pidOf('supervisor')));
  expect(existsSync(join(folder, 'stopped'))).toBe(true);
});

const module = (name: string) => JSON.stringify(join(import.meta.dirname, `${name}.ts`));

const commandScript = `
  import { startSupervisor, stopSupervisor } from ${module('supervisor')};
  const supervisor = startSupervisor(import.meta.dirname + '/supervisor.mjs', [], 'inherit');
  process.on('SIGINT', () => void stopSupervisor(supervisor));
  supervisor.once('exit', (code) => { process.exitCode = code ?? 7; });`;

const supervisor = `
  import { existsSync, writeFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { createProgramGroup } from ${module('program-group')};
  import { stopWithParent } from ${module('supervisor')};
  const file = (name) => import.meta.dirname + '/' + name;
  writeFileSync(file('supervisor.pid'), String(process.pid));
  const group = createProgramGroup({ logFolder: file('logs'), printAs: () => console.log });
  stopWithParent(() => group.stopAll());
  await group.start({
    name: 'stand-in', command: process.execPath, args: [file('program.mjs')], env: { PATH: process.env.PATH },
    cwd: import.meta.dirname, stopSignal: 'SIGTERM', stopWithinMs: 10_000,
    answers: async () => existsSync(file('program.pid')), readyWithinMs: 10_000, loudness: 'nothing',
  });
  writeFileSync(file('ready'), '');
  while (!existsSync(file('talk'))) await sleep(10);
  for (let n = 0; n < 20; n += 1) { console.log('a line'); await sleep(5); }
  writeFileSync(file('talked'), '');`;

const program = `
  import { renameSync, writeFileSync } from 'node:fs';
  const file = (name) => import.meta.dirname + '/' + name;
  process.on('SIGTERM', () => { writeFileSync(file('stopped'), ''); process.exit(0); });
  writeFileSync(file('pid'), String(process.pid));
  renameSync(file('pid'), file('program.pid'));
  setInterval(() => {}, 1000);`;

const pidOf = (name: string): number => Number(readFileSync(join(folder, `${name}.pid`), 'utf8'));

/** A zombie counts as ended. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self') || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
