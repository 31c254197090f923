import '../config/environment.ts';

import { explainStartErrors } from '../config/explain-error.ts';
import { findRedis } from './servers/find-redis.ts';
import { findStorage } from './servers/find-storage.ts';
import { findTemporal } from './servers/find-temporal.ts';
import { printAs } from './terminal.ts';

/** Before `npm test`: fetches or builds the servers that the tests start, with progress lines that jest would hide. */
explainStartErrors();
await findTemporal(printAs('Temporal'));
await findRedis(printAs('Redis'));
await findStorage(printAs('Storage'));
