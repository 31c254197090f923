import { findRedis } from './servers/find-redis.ts';
import { findTemporal } from './servers/find-temporal.ts';
import { explainStartFault } from './start-fault.ts';
import { printAs } from './terminal.ts';

/** Before `npm test`: fetches or builds the servers that the tests start, with progress lines that jest would hide. */
try {
  await findTemporal(printAs('Temporal'));
  await findRedis(printAs('Redis'));
} catch (error) {
  const sentence = explainStartFault(error);
  if (!sentence) throw error;
  process.stderr.write(`\n${sentence}\n`);
  process.exitCode = 1;
}
