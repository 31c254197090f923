import { BadSettings, readEnv } from '../config/env.ts';
import { apiPlan, temporalUiUrl, workerPlan } from './programs.ts';
import type { LocalSettings } from './settings.ts';
import { StartFault } from './start-fault.ts';

/**
 * Reads the settings that API and worker will be given as they will, before anything is started: a program that ends on a
 * bad value is started again and again, and its sentence comes late. Throws that sentence.
 */
export function checkPrograms(settings: LocalSettings): void {
  try {
    for (const plan of [apiPlan, workerPlan]) readEnv(plan(settings, standIns(settings)).env);
  } catch (cause) {
    if (!(cause instanceof BadSettings)) throw cause;
    throw new StartFault(cause.message, { cause });
  }
}

/** The form of what we hand on ourselves, which is known only once the servers run. */
function standIns(settings: LocalSettings): Parameters<typeof apiPlan>[1] {
  const owner = 'postgres://postgres@127.0.0.1/quittance';
  return {
    owner,
    database: { quittance_api: owner, quittance_worker: owner, quittance_reader: owner },
    temporal: settings.temporalAddress ?? `127.0.0.1:${settings.ports.TEMPORAL_PORT}`,
    temporalUi: temporalUiUrl(settings),
    redis: settings.redisUrl,
  };
}
