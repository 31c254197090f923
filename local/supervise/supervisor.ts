import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * The supervisor is one process between a command (`npm start`, a run of the tests) and the programs that it needs. It
 * starts them, keeps them running, and ends them all when its stdin closes, which the kernel does however the command
 * ends. Were the supervisor itself killed, the kernel ends its programs on Linux (see program.ts); elsewhere the command does.
 */
export function startSupervisor(script: string, args: readonly string[], stdout: 'inherit' | 'pipe'): ChildProcess {
  const supervisor = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', stdout, 'inherit'],
    // Ctrl-C in the terminal reaches only the command, which then closes the pipe.
    detached: true,
  });
  supervisor.once('exit', (_, signal) => {
    if (signal !== null && supervisor.pid !== undefined) killGroup(supervisor.pid);
  });
  return supervisor;
}

/** Has the supervisor end everything, and waits for it. Its exit code, or null when it was killed. */
export async function stopSupervisor(supervisor: ChildProcess): Promise<number | null> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return supervisor.exitCode;
  supervisor.ref();
  const ended = once(supervisor, 'exit');
  supervisor.stdin?.end();
  await ended;
  return supervisor.exitCode;
}

/**
 * In the supervisor process: runs `stop` once and exits with 0, when the command that started it is gone or closes the
 * pipe, and when the system asks it to end.
 */
export function stopWithParent(stop: () => Promise<void>): void {
  let isStopping = false;
  const onEnd = () => {
    if (!isStopping) void stop().then(() => process.exit(0));
    isStopping = true;
  };
  process.stdin.once('end', onEnd).once('close', onEnd).resume();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onEnd);
  // A closed terminal accepts no more lines; that must not end the process that ends all others.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Its programs are in its process group, and nobody else is. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The kernel has ended them already.
  }
}
