import type { EnvironmentName } from './environment/schema.ts';

/** What every physical name begins with. A name is given only where another system has to know it; the rest are generated. */
export const prefixOf = (environment: EnvironmentName): string => `quittance-${environment}`;

/** Buckets are named in one space for all accounts of the world, so the account and the region stand in the name. */
export const bucketPrefixOf = (environment: EnvironmentName, account: string, region: string): string =>
  `${prefixOf(environment)}-${account}-${region}`;

/** Where a parameter or a secret of an environment stands. */
export const pathOf = (environment: EnvironmentName, name: string): string => `/quittance/${environment}/${name}`;

/** The policy that bounds every role of an environment. Named, because roles of all stacks and regions point to it. */
export const boundaryNameOf = (environment: EnvironmentName): string => `${prefixOf(environment)}-boundary`;
