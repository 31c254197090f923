import type { Client } from '@temporalio/client';
import { startDispatchers } from '../activities/transfers/start-dispatchers.ts';
import type { Log } from '../config/log.ts';
import type { Alarms } from '../telemetry/alarms/alarms.ts';
import type { Waits } from '../workflows/contract/waits.ts';
import { ensureSchedules } from './schedules.ts';
import { ensureSearchAttributes } from './search-attributes.ts';
import { type KeepDeps, keepVersions } from './versions/keep.ts';

/** A wiped Temporal is provisioned again within a minute, and a paused schedule is noticed. */
const everyMs = 50_000;
/** The timeout of one part; the next round repeats it. */
const partMaxMs = 10_000;

/** `log` gets what failed and is tried again; an alarm is what a person must look at. */
export type ProvisionDeps = {
  client: Client;
  waits: Waits;
  alarms: Alarms;
  log: Pick<Log, 'warn' | 'info'>;
  /** Null: these workers have no version. */
  versions?: Pick<KeepDeps, 'version' | 'readPresence'> | null;
};

/**
 * Provisions Temporal at start and every minute, because its data may have been wiped and every open transfer must continue.
 * Failures are retried a minute later. Returns a function that stops it.
 */
export async function keepProvisioned(deps: ProvisionDeps): Promise<() => void> {
  await provision({ ...deps, isStart: true });
  const timer = setInterval(() => void provision({ ...deps, isStart: false }), everyMs);
  return () => clearInterval(timer);
}

/**
 * Makes sure that Temporal has a current version of the workers, the search attributes, schedules and dispatchers: each by itself, because a server that refuses
 * one of them, as an authorizer does, must still get the others. Never throws. At the start of a process its settings replace
 * those of an existing schedule.
 */
export async function provision({
  client,
  waits,
  alarms,
  log,
  versions = null,
  isStart,
}: ProvisionDeps & { isStart: boolean }): Promise<void> {
  const parts = {
    // First, so that what the others start finds a version that carries it on.
    ...(versions && { versions: () => keepVersions({ client, waits, alarms, log, ...versions }) }),
    'search attributes': () => ensureSearchAttributes(client, alarms),
    schedules: () => ensureSchedules({ client, waits, alarms, isStart }),
    dispatchers: () => startDispatchers(client, waits),
  };
  for (const [what, ensure] of Object.entries(parts)) {
    try {
      await client.withDeadline(Date.now() + partMaxMs, ensure);
    } catch (error) {
      log.warn({ what, err: error }, 'Temporal could not be provisioned with these; again in a minute');
    }
  }
}
