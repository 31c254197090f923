import { activityInfo, heartbeat } from '@temporalio/activity';

/** Heartbeats leave this many times per heartbeat timeout, so that one or two may be lost. */
const heartbeatsPerTimeout = 4;

/**
 * Runs work and sends heartbeats meanwhile, so that the server need not wait for the whole run's timeout before it gives
 * the work of a dead process to another. Only for activities that have a heartbeat timeout; others run as they are.
 */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const { heartbeatTimeoutMs } = activityInfo();
  if (!heartbeatTimeoutMs) return await work();
  heartbeat();
  const timer = setInterval(heartbeat, heartbeatTimeoutMs / heartbeatsPerTimeout);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
