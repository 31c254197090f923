import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const children = z.array(z.object({ pid: z.number(), name: z.string() }));
/** Linux counts CPU time in hundredths of a second, whatever the machine. */
const ticksPerSecond = 100;

/**
 * CPU seconds that the processes of the running platform have used so far, with the children of Postgres: the steadiest
 * gauge there is on a machine that others use as well. 0 where there is no /proc.
 */
export function cpuSeconds(folder: string): number {
  const roots = new Set(
    children.parse(JSON.parse(readFileSync(join(folder, 'children.json'), 'utf8'))).map(({ pid }) => pid),
  );
  const stats = allStats();
  const parentOf = new Map(stats.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number): boolean => {
    if (roots.has(pid)) return true;
    const parent = parentOf.get(pid);
    return parent !== undefined && parent > 1 && isOurs(parent);
  };
  return stats.filter(({ pid }) => isOurs(pid)).reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond;
}

function allStats(): { pid: number; parent: number; ticks: number }[] {
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
