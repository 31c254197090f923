import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, whatever the machine. */
const ticksPerSecond = 100;

/**
 * CPU seconds that the programs of a running copy have used so far, with the children of Postgres: the steadiest gauge
 * there is on a machine that others use as well. `launcherPid` is the process of `npm start`; its child supervises, the
 * children of that are the programs. 0 where there is no /proc.
 */
export const cpuSeconds = (launcherPid: number): number =>
  programsOf(launcherPid).reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond;

/** Of one program of ours the folder that it starts in, of a server its name. The children of Postgres are Postgres. */
const partForm: readonly [RegExp, string][] = [
  [/(^|\/)(api|worker|simulator)\/main\.ts(\0|$)/, ''],
  [/postgres/, 'postgres'],
  [/temporal/, 'temporal'],
  [/redis/, 'redis'],
  [/versitygw/, 'storage'],
];

/** The same by part: `api`, `worker`, `simulator`, `postgres`, `temporal`, `redis`, `storage`, and `others` (the supervisor). */
export function cpuSecondsByPart(launcherPid: number): Record<string, number> {
  const parts: Record<string, number> = {};
  for (const { pid, ticks } of programsOf(launcherPid)) {
    const part = partOf(pid);
    parts[part] = (parts[part] ?? 0) + ticks / ticksPerSecond;
  }
  return parts;
}

function partOf(pid: number): string {
  const line = commandOf(pid);
  for (const [form, name] of partForm) {
    const found = form.exec(line);
    if (found) return name || (found[2] ?? '');
  }
  return 'others';
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended while we looked.
    return '';
  }
}

/** The most memory that a program of a running copy had at one time, in MiB: `worker/main.ts`, say. 0 where there is no /proc. */
export function peakMemory(launcherPid: number, program: string): number {
  const isIt = ({ pid }: Stat) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1]?.endsWith(program) ?? false;
  const peaks = programsOf(launcherPid)
    .filter(isIt)
    .map(({ pid }) => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0));
  return Math.max(0, ...peaks) / 1_024;
}

function programsOf(launcherPid: number): Stat[] {
  const stats = allStats();
  const parentOf = new Map(stats.map(({ pid, parent }) => [pid, parent]));
  const ancestors = (pid: number): number[] => {
    const parent = parentOf.get(pid);
    return parent === undefined ? [] : [parent, ...ancestors(parent)];
  };
  return stats.filter(({ pid }) => ancestors(pid).indexOf(launcherPid) >= 1);
}

type Stat = { pid: number; parent: number; ticks: number };

function allStats(): Stat[] {
  const pids = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)) : [];
  return pids.flatMap((pid) => {
    try {
      // After the name in parentheses: state, parent, …, the 12th and 13th are user and system time, then those of ended children.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? [];
      const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + (fields[i] ?? 0), 0);
      return [{ pid: Number(pid), parent: fields[1] ?? 0, ticks }];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}
