import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { variables } from '../../config/variables.ts';
import { areas } from '../../storage/port.ts';
import { type Print, StartFault } from '../start-fault.ts';
import type { ProgramPlan } from '../supervise/program.ts';
import type { ProgramGroup } from '../supervise/program-group.ts';
import { findStorage } from './find-storage.ts';

/** An S3 with Object Lock that we start, on the files of a folder. `bucketPrefix` as STORAGE_BUCKET_PREFIX. */
export type StorageOptions = { folder: string; port: number; secret: string; bucketPrefix: string };

const accessKeyId = 'quittance';
const answerWithinMs = 5_000;

/** Starts one with our buckets, and returns its address, with the login in it; null when no such server can be had here. */
export async function startStorage(
  options: StorageOptions,
  group: ProgramGroup,
  print: Print,
): Promise<{ url: string; origin: string } | null> {
  const binary = await findStorage(print);
  if (!binary) return null;
  await group.start(storagePlan(binary.path, options));
  await makeBuckets(storageUrl(options), options.bucketPrefix);
  return { url: storageUrl(options), origin: binary.origin };
}

/** Its address, with the login in it. */
export const storageUrl = ({ port, secret }: StorageOptions): string =>
  `http://${accessKeyId}:${secret}@127.0.0.1:${port}`;

/** All its data is in files, so a SIGKILL loses nothing that it has confirmed. */
export function storagePlan(binary: string, { folder, port, secret }: StorageOptions): ProgramPlan {
  const data = join(folder, 'storage');
  // What it knows of an object stands in files of their own, because not every file system keeps attributes.
  const [objects = '', versions = '', facts = ''] = ['objects', 'versions', 'facts'].map((name) => join(data, name));
  for (const path of [objects, versions, facts]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const places = ['posix', '--sidecar', facts, '--versioning-dir', versions, objects];
  return {
    name: 'storage',
    command: binary,
    // Without --keep-alive it ends each connection after one request.
    args: ['--port', `127.0.0.1:${port}`, '--health', '/health', '--quiet', '--keep-alive', ...places],
    // Every user of the machine can read a command line, and nobody else an environment.
    env: { PATH: process.env['PATH'], HOME: folder, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secret },
    cwd: data,
    stopSignal: 'SIGTERM',
    stopWithinMs: 10_000,
    answers: async () => {
      const health = `http://127.0.0.1:${port}/health`;
      return (await fetch(health, { signal: AbortSignal.timeout(answerWithinMs) })).ok;
    },
    readyWithinMs: 30_000,
    loudness: 'nothing',
  };
}

/** Makes the bucket of each area, with Object Lock, which also turns versions on. Those that exist stay as they are. */
export async function makeBuckets(url: string, bucketPrefix: string): Promise<void> {
  const { origin: endpoint, username, password } = new URL(url);
  const credentials = { accessKeyId: username, secretAccessKey: password };
  const client = new S3Client({
    endpoint,
    region: variables.shape.STORAGE_REGION.parse(undefined),
    forcePathStyle: true,
    credentials,
  });
  try {
    for (const area of areas) await makeBucket(client, `${bucketPrefix}-${area}`);
  } finally {
    client.destroy();
  }
}

async function makeBucket(client: S3Client, bucket: string): Promise<void> {
  const command = new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true });
  try {
    await client.send(command, { abortSignal: AbortSignal.timeout(answerWithinMs) });
  } catch (error) {
    if (!(error instanceof Error) || !existing.includes(error.name)) throw error;
  }
}

const existing = ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'];

/**
 * The folder that keeps the objects of a copy where there is no server for them; null when it has none. A copy goes on as it began:
 * what one of the two has, the other does not find.
 */
export function folderOfCopy(dataFolder: string): string | null {
  const path = join(dataFolder, 'objects');
  return existsSync(path) ? pathToFileURL(path).href : null;
}

/** Makes that folder. Throws one sentence when the copy has objects in a server that cannot be had now. */
export function makeFolderOfCopy(dataFolder: string): string {
  if (existsSync(join(dataFolder, 'storage')))
    throw new StartFault(
      'The objects of this copy are kept by versitygw, which cannot be had now: install it, or Go 1.26 or newer, or delete the data with `npm run reset`.',
    );
  const path = join(dataFolder, 'objects');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return pathToFileURL(path).href;
}
