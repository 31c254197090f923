import { cacheFolder } from './cache-folder.ts';
import { inWords } from './faults-in-words.ts';
import { findRedis } from './find-redis.ts';
import { findTemporal } from './find-temporal.ts';
import { sayAs } from './terminal.ts';

/** Before `npm test`: fetches or builds the servers that the tests start, with words of progress that jest would hide. */
try {
  await findTemporal(cacheFolder(), sayAs('Temporal'));
  await findRedis(cacheFolder(), sayAs('Redis'));
} catch (error) {
  const sentence = inWords(error);
  if (!sentence) throw error;
  process.stderr.write(`\n${sentence}\n`);
  process.exitCode = 1;
}
