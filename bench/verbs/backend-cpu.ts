import { readFileSync } from 'node:fs';
import type pg from 'pg';

/** Reads the CPU that one backend of Postgres has used so far (user and system), in microseconds. */
export type BackendCpu = () => number;

const ticksPerSecond = 100;

/**
 * The CPU gauge of a connection's backend, which must run on this machine (Linux). The scheduler's own count has
 * nanoseconds; where the kernel keeps none, /proc/<pid>/stat has hundredths of a second.
 */
export async function backendCpu(client: pg.Client): Promise<BackendCpu> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid;
  const precise = () => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000;
  const coarse = () => {
    // After the name in parentheses the 12th and 13th fields are user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? [];
    return (((fields[11] ?? 0) + (fields[12] ?? 0)) / ticksPerSecond) * 1_000_000;
  };
  try {
    return precise() > 0 ? precise : coarse;
  } catch {
    return coarse;
  }
}
