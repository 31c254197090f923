import { findRedis } from './servers/find-redis.ts';
import { findTemporal } from './servers/find-temporal.ts';
import { inWords } from './start-fault.ts';
import { sayAs } from './terminal.ts';

/** Before `npm test`: fetches or builds the servers that the tests start, with lines of progress that jest would hide. */
try {
  await findTemporal(sayAs('Temporal'));
  await findRedis(sayAs('Redis'));
} catch (error) {
  const sentence = inWords(error);
  if (!sentence) throw error;
  process.stderr.write(`\n${sentence}\n`);
  process.exitCode = 1;
}
