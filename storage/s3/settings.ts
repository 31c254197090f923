import type { StorageBounds } from '../bounds.ts';

/** Where an S3 is. `login` null: the role that the machine has. `owner`: the account that must own the buckets, where that is known. */
export type S3Settings = {
  endpoint: string;
  region: string;
  login: { accessKeyId: string; secretAccessKey: string } | null;
  /** The bucket of an area is `<bucketPrefix>-<area>`. */
  bucketPrefix: string;
  owner: string | null;
  bounds: Pick<StorageBounds, 'connectMs' | 'callMs' | 'keepAliveMs' | 'runningMax'>;
};
