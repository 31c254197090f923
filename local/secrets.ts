import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from './json-file.ts';
import type { LoginRole } from './servers/database.ts';
import { StartFault } from './start-fault.ts';

const schema = z.object({ postgres: z.string(), redis: z.string(), roles: z.string() });

/** Passwords of this copy's servers, made once and stored in its data folder, readable by its owner only. */
export type Secrets = z.infer<typeof schema>;

/**
 * The secrets of a data folder; made on the first call. Throws one sentence when they were made and cannot be read: new ones
 * would lock us out of the Postgres whose data they protect.
 */
export function keepSecrets(dataFolder: string): Secrets {
  const path = join(dataFolder, 'secrets.json');
  const kept = readJson(path, schema);
  if (kept) return kept;
  const wrong = existsSync(path) ? 'cannot be read or is damaged' : 'is missing';
  if (existsSync(path) || existsSync(join(dataFolder, 'postgres')))
    throw new StartFault(
      `${path} ${wrong}, and this copy's data cannot be used without its passwords: restore that file, or delete the data with \`npm run reset\`.`,
    );
  const made = { postgres: randomSecret(), redis: randomSecret(), roles: randomSecret() };
  writeJson(path, made);
  return made;
}

/**
 * The password of a role. Roles belong to a whole server: derived from the owner's password it is the same in every copy
 * that uses that server, so two copies never change it under each other. Without such a password, from our own secret.
 */
export function rolePassword(ownerLogin: string, secrets: Secrets, role: LoginRole): string {
  const seed = new URL(ownerLogin).password || secrets.roles;
  return createHmac('sha256', seed).update(role).digest('hex');
}

/** What the simulator's bank of this copy asks of who changes it. */
export const controlToken = (secrets: Secrets): string =>
  createHmac('sha256', secrets.roles).update('control of the simulator').digest('hex');

/** The secret of this copy's login to its object store. */
export const storageSecret = (secrets: Secrets): string =>
  createHmac('sha256', secrets.roles).update('object store').digest('hex');

const randomSecret = (): string => randomBytes(24).toString('hex');
