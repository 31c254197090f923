import '../../../config/environment.ts';

import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startSupervisor } from '../../../local/supervise/supervisor.ts';

const startWithinMs = 35 * 60_000; // The first time on a machine Temporal may have to be built.
const everything = 'postgres,temporal,redis,storage';

/**
 * Starts one Postgres, one Temporal, one Redis and one S3 for the whole run and hands their addresses to the tests by
 * TEST_POSTGRES_URL, TEST_TEMPORAL_ADDRESS, TEST_REDIS_URL and TEST_STORAGE_URL. `TEST_SERVERS=postgres` starts fewer, `none` starts none;
 * addresses that are set already are used as they are. Without a Redis or an S3, tests that need it are skipped, except with CI set.
 */
export default async function globalSetup(): Promise<void> {
  const wanted = process.env['TEST_SERVERS'] ?? everything;
  if (wanted === 'none' || process.env['TEST_POSTGRES_URL']) return;
  const supervisor = startSupervisor(join(import.meta.dirname, 'run.ts'), [wanted], 'pipe');
  const answer = await firstLine(supervisor);
  if (answer.fault) throw new Error(answer.fault);
  Object.assign(process.env, answer.environment);
  supervisor.unref();
  globalThis.quittanceTestServers = supervisor;
}

function firstLine(supervisor: ChildProcess): Promise<{ fault?: string; environment?: Record<string, string> }> {
  return new Promise((resolve, reject) => {
    if (!supervisor.stdout) throw new Error('the supervisor of the test servers has no stdout');
    const timer = setTimeout(() => reject(new Error('the test servers did not start in time')), startWithinMs);
    const lines = createInterface({ input: supervisor.stdout });
    lines.once('line', (line) => resolve(JSON.parse(line)));
    supervisor.once('error', reject);
    supervisor.once('exit', (code) => reject(new Error(`the supervisor of the test servers ended with code ${code}`)));
    lines.once('line', () => clearTimeout(timer));
    supervisor.once('exit', () => clearTimeout(timer));
  });
}

declare global {
  // `var` because only that becomes a property of globalThis, by which jest hands things from set-up to teardown.
  var quittanceTestServers: ChildProcess | undefined;
}
