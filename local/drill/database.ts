import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type pg from 'pg';
import { withClient } from '../servers/database.ts';
import { startPostgres, superuserUrl } from '../servers/postgres.ts';
import { postgresDataFolder } from '../servers/postgres-binaries.ts';
import { postgresUser } from '../servers/postgres-user.ts';
import { type Program, startProgram } from '../supervise/program.ts';
import type { DrillFolder } from './folder.ts';

/** A Postgres that archives its log, as one in production does. */
export type DrillDatabase = {
  /** The superuser's login to the server's own database. */
  superuser: string;
  start(): Promise<void>;
  /** SIGKILL to the server, and its data is deleted: what a lost disk leaves. */
  destroy(): Promise<void>;
  /** Copies the data into the backup's folder while the server works. */
  backUp(): Promise<void>;
  /** Waits until the log up to now is archived. */
  archiveLog(): Promise<void>;
  /** Puts the backup in place, and lets the server follow the archived log up to that time. It then takes commits. */
  restoreTo(at: Date): Promise<{ copiedMs: number; replayedMs: number }>;
  stop(): Promise<void>;
};

/** Seconds until a part of the log that nobody fills is archived: the most that a lost disk loses. */
const archiveTimeout = '60';
/** Replaying the log of a drill takes seconds. */
const doneWithinMs = 300_000;
const lookMs = 50;

export function createDrillDatabase({ path, settings, secrets, walFolder, backupFolder }: DrillFolder): DrillDatabase {
  const more = {
    archive_mode: 'on',
    archive_timeout: archiveTimeout,
    archive_command: `test ! -f '${walFolder}/%f' && cp '%p' '${walFolder}/%f.new' && mv '${walFolder}/%f.new' '${walFolder}/%f'`,
    restore_command: `cp '${walFolder}/%f' '%p'`,
  };
  const options = {
    ...{ folder: path, port: settings.ports.POSTGRES_PORT, password: secrets.postgres },
    ...{ durable: true, more },
  };
  const superuser = superuserUrl(options);
  const dataFolder = postgresDataFolder(path, postgresUser());
  let program: Program | null = null;
  const start = async () => {
    await startPostgres(options, {
      start: async (plan) => {
        program = startProgram(plan, { logFolder: join(path, 'logs'), print: () => {}, restartAfterMs: null });
        await program.whenReady();
        return program;
      },
      stopAll: async () => {},
    });
  };
  return {
    superuser,
    start,
    archiveLog: () => archiveLog(superuser),
    destroy: async () => {
      await program?.kill();
      await program?.stop();
      rmSync(dataFolder, { recursive: true });
    },
    backUp: () => baseBackup({ superuser, from: dataFolder, to: backupFolder }),
    restoreTo: async (at) => {
      const began = performance.now();
      await execa('cp', ['-a', backupFolder, dataFolder]);
      const copied = performance.now();
      await writeTarget(dataFolder, at);
      await start();
      await untilRecovered(superuser);
      return { copiedMs: copied - began, replayedMs: performance.now() - copied };
    },
    stop: async () => {
      await program?.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** As the manual describes it: the folder is copied between the start and the end of a backup. */
async function baseBackup({ superuser, from, to }: { superuser: string; from: string; to: string }): Promise<void> {
  await withClient(superuser, async (client) => {
    await client.query("select pg_backup_start('drill', true)");
    await copyLive(from, to);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(true)');
    rmSync(join(to, 'postmaster.pid'), { force: true });
    // What it has of the log may be half a file: all of it comes from the archive.
    await execa('find', [join(to, 'pg_wal'), '-type', 'f', '-delete']);
    await writeOwned(join(to, 'backup_label'), rows[0]?.labelfile ?? '');
  });
}

/** Files that end while they are copied are no fault: the log has what they had. */
async function copyLive(from: string, to: string): Promise<void> {
  const { exitCode, stderr } = await execa('cp', ['-a', from, to], { reject: false });
  const faults = stderr.split('\n').filter((line) => line !== '' && !line.endsWith('No such file or directory'));
  if (exitCode !== 0 && faults.length > 0) throw new Error(`the base backup failed: ${faults[0]}`);
}

async function writeTarget(dataFolder: string, at: Date): Promise<void> {
  // Postgres takes no Z here, which could be the name of a zone.
  const time = at.toISOString().replace('T', ' ').replace('Z', '+00');
  const target = `recovery_target_time = '${time}'\nrecovery_target_action = 'promote'\n`;
  await writeOwned(join(dataFolder, 'postgresql.auto.conf'), target);
  await writeOwned(join(dataFolder, 'recovery.signal'), '');
}

/** Postgres refuses files of its folder that belong to somebody else. */
async function writeOwned(file: string, text: string): Promise<void> {
  writeFileSync(file, text, { mode: 0o600 });
  await execa('chown', ['--reference', join(dirname(file), 'PG_VERSION'), file]);
}

/** A log that ends in the middle of a file is closed there, so that the file is archived now. */
async function archiveLog(superuser: string): Promise<void> {
  await withClient(superuser, async (client) => {
    await client.query("select pg_create_restore_point('drill')");
    const { rows } = await client.query<{ name: string }>('select pg_walfile_name(pg_switch_wal()) as name');
    await untilTrue(client, 'select coalesce(last_archived_wal >= $1, false) as is_so from pg_stat_archiver', [
      rows[0]?.name,
    ]);
  });
}

const untilRecovered = (superuser: string): Promise<void> =>
  withClient(superuser, (client) => untilTrue(client, 'select not pg_is_in_recovery() as is_so', []));

async function untilTrue(client: pg.Client, sql: string, values: unknown[]): Promise<void> {
  const deadline = performance.now() + doneWithinMs;
  for (;;) {
    const { rows } = await client.query<{ is_so: boolean }>(sql, values);
    if (rows[0]?.is_so) return;
    if (performance.now() > deadline) throw new Error(`not within ${doneWithinMs / 1000} s: ${sql}`);
    await sleep(lookMs);
  }
}
