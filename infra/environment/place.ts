import type { Deployment } from './deployment.ts';
import type { Environment } from './schema.ts';

/** What every stack is given: what differs between environments, and what belongs to the account. */
export type Place = { environment: Environment; deployment: Deployment };
