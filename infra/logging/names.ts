import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { bucketPrefixOf, prefixOf } from '../names.ts';

type Account = Pick<Deployment, 'account' | 'region'>;

/** The bucket that access logs are delivered to. Upper stacks know it by name only: who refers to it writes into its policy. */
export const accessLogsNameOf = (environment: EnvironmentName, { account, region }: Account): string =>
  `${bucketPrefixOf(environment, account, region)}-access-logs`;

/** The bucket of the account's trail. */
export const trailBucketNameOf = (environment: EnvironmentName, { account, region }: Account): string =>
  `${bucketPrefixOf(environment, account, region)}-trail`;

/** The trail. Its bucket's and its key's policies name it before it exists. */
export const trailNameOf = (environment: EnvironmentName): string => prefixOf(environment);
