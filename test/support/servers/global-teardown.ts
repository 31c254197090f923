import { stopSupervisor } from '../../../local/supervise/supervisor.ts';

/** Ends the servers of the run. */
export default async function globalTeardown(): Promise<void> {
  if (globalThis.quittanceTestServers) await stopSupervisor(globalThis.quittanceTestServers);
}
