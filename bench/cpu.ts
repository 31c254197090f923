import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, whatever the machine. */
const ticksPerSecond = 100;

/**
 * CPU seconds that the programs of a running copy have used so far, with the children of Postgres: the steadiest gauge
 * there is on a machine that others use as well. `launcherPid` is the process of `npm start`; its child supervises, the
 * children of that are the programs. 0 where there is no /proc.
 */
export function cpuSeconds(launcherPid: number): number {
  const stats = allStats();
  const parentOf = new Map(stats.map(({ pid, parent }) => [pid, parent]));
  const ancestors = (pid: number): number[] => {
    const parent = parentOf.get(pid);
    return parent === undefined ? [] : [parent, ...ancestors(parent)];
  };
  const isProgram = (pid: number) => ancestors(pid).indexOf(launcherPid) >= 1;
  return stats.filter(({ pid }) => isProgram(pid)).reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond;
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
