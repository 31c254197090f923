import { activityInfo, heartbeat } from '@temporalio/activity';

/** Heartbeats leave this many times per heartbeat timeout, so that one or two may be lost. */
const beatsPerTimeout = 4;

/**
 * Runs work and tells the server meanwhile that this process lives, so that it need not wait for the whole run's timeout
 * before it gives the work to another. Only for steps that have a heartbeat timeout; others run as they are.
 */
export async function whileBeating<T>(work: () => Promise<T>): Promise<T> {
  const { heartbeatTimeoutMs } = activityInfo();
  if (!heartbeatTimeoutMs) return await work();
  heartbeat();
  const timer = setInterval(heartbeat, heartbeatTimeoutMs / beatsPerTimeout);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
