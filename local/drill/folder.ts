import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { keepSecrets, type Secrets } from '../secrets.ts';
import { postgresUser } from '../servers/postgres-user.ts';
import { type LocalSettings, portNames, readLocalSettings } from '../settings.ts';

/** Where a drill keeps everything of its own, and on which ports: nothing of a running copy is read or touched. */
export type DrillFolder = {
  /** Deleted at the end. */
  path: string;
  settings: LocalSettings;
  secrets: Secrets;
  /** For its programs, which read their ports from the environment. */
  env: Record<string, string>;
  /** Where Postgres archives its log to, and where a base backup is put. Neither is lost with the server's data. */
  walFolder: string;
  backupFolder: string;
};

/** Short terms, so that a doubt ends within seconds. Milliseconds. */
const shortTerms = {
  RAIL_INSTANT_REQUEST_TIMEOUT_MS: '2500',
  RAIL_INSTANT_LEASE_MARGIN_MS: '2000',
  RAIL_INSTANT_QUIET_PERIOD_MS: '2000',
  RAIL_INSTANT_RETRY_MS: '500',
  RAIL_INSTANT_INQUIRY_WAITS_MS: '500,1000,2000',
  RAIL_INSTANT_BREAKER_OPEN_MS: '1000',
  SWEEP_GRACE_MS: '5000',
  SWEEP_EVERY_MS: '5000',
  SHUTDOWN_GRACE_MS: '5000',
};

/** Makes the folder and finds ports that nobody uses. */
export async function makeDrillFolder(): Promise<DrillFolder> {
  const path = mkdtempSync(join(tmpdir(), 'quittance-drill-'));
  chmodSync(path, 0o711); // As root, Postgres runs as another user and must be able to pass.
  const ports: Record<string, string> = {};
  for (const name of portNames) ports[name] = String(await freePort());
  const env = { LOCAL_DATA: path, LOG_LEVEL: 'info', NODE_ENV: 'test', ...ports, ...shortTerms };
  const settings = readLocalSettings(env);
  const [walFolder, backupFolder] = [join(path, 'wal'), join(path, 'backup')];
  mkdirSync(walFolder, { mode: 0o700 });
  const user = postgresUser();
  if (user) chownSync(walFolder, user.uid, user.gid);
  return { path, settings, secrets: keepSecrets(path), env, walFolder, backupFolder };
}
