import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { secret } from '../../../config/secret.ts';
import { freePort } from '../../../local/ports.ts';
import { findStorage } from '../../../local/servers/find-storage.ts';
import { makeBuckets, storagePlan, storageUrl } from '../../../local/servers/storage.ts';
import { startProgram } from '../../../local/supervise/program.ts';
import type { StorageBounds } from '../../../storage/bounds.ts';
import { openStorage } from '../../../storage/open.ts';
import type { ObjectStore, Retention } from '../../../storage/port.ts';
import { inTime } from './in-time.ts';

/** The S3 of the run, and a folder of this test file; the S3 is absent where none could be built. */
export function storageUrls(): { s3: string | null; folder: string; removeFolder: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'quittance-objects-'));
  return {
    s3: process.env['TEST_STORAGE_URL'] ?? null,
    folder: pathToFileURL(path).href,
    removeFolder: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Where the programs of tests keep their objects: the S3 of the run, or a folder of this machine where none could be built. */
export const testStorageUrl = (): string =>
  process.env['TEST_STORAGE_URL'] ?? pathToFileURL(join(tmpdir(), 'quittance-objects-of-tests')).href;

/** A store at an address, with the limits of production, except those that a test shrinks. */
export const storeAt = (
  url: string,
  changes: Partial<StorageBounds> = {},
  { prefix = 'quittance', linkBase = 'http://127.0.0.1:1/objects' } = {},
): ObjectStore =>
  openStorage(
    { url: secret(url), region: 'us-east-1', bucketPrefix: prefix, owner: null },
    { linkBase, changes: { callMs: inTime(20_000), ...changes } },
  );

/** A client without our rules, with the login of the owner: what an administrator can do. */
export function rawClient(url: string): S3Client {
  const { origin: endpoint, username, password } = new URL(url);
  const credentials = { accessKeyId: username, secretAccessKey: password };
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
}

/** Until tomorrow. */
export const aDay = (mode: Retention['mode'] = 'compliance'): Retention => ({
  mode,
  until: new Date(Date.now() + 86_400_000),
});

/** An S3 that a test may freeze and kill without hurting any other test. Its objects survive both. */
export type OwnStorage = {
  url: string;
  port: number;
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts one for this test file alone, whose program `through` may start; null when none can be had on this machine. */
export async function startOwnStorage(through: readonly string[] = []): Promise<OwnStorage | null> {
  const binary = await findStorage(() => {});
  if (!binary) return null;
  const folder = mkdtempSync(join(tmpdir(), 'quittance-storage-'));
  const options = { folder, port: await freePort(), secret: 'of-a-test', bucketPrefix: 'quittance' };
  const plan = storagePlan(binary.path, options);
  const [command, ...args] = [...through, plan.command];
  const launch = () =>
    startProgram(
      { ...plan, command, args: [...args, ...plan.args], readyWithinMs: inTime(plan.readyWithinMs) },
      { logFolder: folder, print: () => {}, restartAfterMs: null },
    );
  const url = storageUrl(options);
  let program = launch();
  await program.whenReady();
  await makeBuckets(url, options.bucketPrefix);
  const signal = (name: NodeJS.Signals) => {
    const pid = program.pid();
    if (pid !== null) process.kill(pid, name);
  };
  return {
    ...{ url, port: options.port },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    kill: async () => {
      await program.kill();
      await program.stop();
    },
    start: async () => {
      program = launch();
      await program.whenReady();
    },
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
