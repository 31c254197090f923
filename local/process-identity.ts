import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that cannot be mistaken for a later one under the same pid: its start time is part of its name. */
export type ProcessIdentity = { pid: number; startTime: string };

const pollMs = 25;
const killWithinMs = 5_000;

/** The identity of a living process, or null when there is none under that pid (a zombie counts as none). */
export function identityOf(pid: number): ProcessIdentity | null {
  const startTime = process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === null ? null : { pid, startTime };
}

/** Whether exactly that process still lives. */
export function lives(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTime === identity.startTime;
}

/**
 * Ends one process: the signal, then at most `withinMs` of patience, then SIGKILL to it and its process group. Does
 * nothing when the pid has gone to another process. Answers whether SIGKILL was needed.
 */
export async function end(identity: ProcessIdentity, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  if (!lives(identity)) return false;
  send(identity.pid, signal);
  if (await goneWithin(identity, withinMs)) return false;
  send(-identity.pid, 'SIGKILL');
  send(identity.pid, 'SIGKILL');
  await goneWithin(identity, killWithinMs);
  return true;
}

async function goneWithin(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (lives(identity)) {
    if (performance.now() > until) return false;
    await sleep(pollMs);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in between, or leads no group: what we wanted.
  }
}

/** Field 22 of /proc/PID/stat, ticks since boot. The command in field 2 may hold blanks and brackets: count after it. */
function startTimeFromProc(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // No such process.
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  return state === 'Z' || state === 'X' ? null : (fields[19] ?? null);
}

function startTimeFromPs(pid: number): string | null {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() || null;
}
