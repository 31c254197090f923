import { activityInfo, heartbeat } from '@temporalio/activity';

/** Heartbeats leave this many times per heartbeat timeout, so that one or two may get lost. */
const heartbeatsPerTimeout = 4;

/**
 * The same activity, which sends heartbeats while it runs: the server gives the work of a dead process to another
 * without waiting for the timeout of the whole run. Without a heartbeat timeout in its options it sends none.
 */
export const withHeartbeat =
  <Args extends unknown[], Result>(activity: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    const { heartbeatTimeoutMs } = activityInfo();
    if (!heartbeatTimeoutMs) return await activity(...args);
    heartbeat();
    const timer = setInterval(heartbeat, heartbeatTimeoutMs / heartbeatsPerTimeout);
    try {
      return await activity(...args);
    } finally {
      clearInterval(timer);
    }
  };
