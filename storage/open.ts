import { fileURLToPath } from 'node:url';
import type { Secret } from '../config/secret.ts';
import { type StorageBounds, storageBounds } from './bounds.ts';
import { createFolderBackend } from './folder/backend.ts';
import { type Linked, readLink } from './folder/links.ts';
import type { ObjectStore } from './port.ts';
import { createS3Backend } from './s3/backend.ts';
import { createObjectStore } from './store.ts';

/** Where objects are. A `file:` URL is a folder, any other an S3, with the login in it, or none for the role of the machine. */
export type StorageAddress = { url: Secret; region: string; bucketPrefix: string; owner: string | null };

/** `linkBase`: the URL of ours that serves the links of a folder. `changes` to the limits. */
export type StorageOptions = { linkBase: string; changes?: Partial<StorageBounds> };

/** Opens the object store of an address; nothing is asked of it yet. */
export function openStorage(address: StorageAddress, { linkBase, changes = {} }: StorageOptions): ObjectStore {
  const url = new URL(address.url.reveal());
  const bounds = { ...storageBounds, ...changes };
  if (url.protocol === 'file:')
    return createObjectStore(createFolderBackend({ root: fileURLToPath(url), linkBase }), bounds);
  const { region, bucketPrefix, owner } = address;
  const [accessKeyId, secretAccessKey] = [url.username, url.password].map(decodeURIComponent);
  const login = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null;
  const settings = { endpoint: url.origin, region, bucketPrefix, owner, login, bounds };
  return createObjectStore(createS3Backend(settings), bounds);
}

/** What the token of a link to a store leads to, for the program that serves `linkBase`. Null: it serves its links itself. */
export function linkReader({ url }: Pick<StorageAddress, 'url'>): ((token: string) => Promise<Linked | null>) | null {
  const address = new URL(url.reveal());
  return address.protocol === 'file:' ? (token) => readLink(fileURLToPath(address), token) : null;
}
