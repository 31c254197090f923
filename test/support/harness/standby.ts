import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { withClient } from '../../../local/servers/database.ts';
import { makeTemplate } from '../servers/template.ts';
import { type OwnPostgres, ownPassword, ownPostgres } from './own-postgres.ts';

/** A Postgres with a streaming standby, for one test file. One that was killed stays away until it is started again. */
export type StandbyPair = {
  primary: string;
  standby: string;
  /** SIGKILL to its first process. */
  kill(which: 'primary' | 'standby'): void;
  restart(which: 'primary' | 'standby'): Promise<void>;
  /** SIGSTOP to all processes of the standby, while this is done. */
  whileFrozen(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
};

/** Starts both, with the template from which databases of tests are made. */
export async function startStandbyPair(): Promise<StandbyPair> {
  const servers = { primary: await ownPostgres(), standby: await ownPostgres() };
  const stop = async () => {
    await Promise.all([servers.primary.stop(), servers.standby.stop()]);
  };
  try {
    await servers.primary.start();
    const primary = servers.primary.superuser;
    // Other than a server of tests that may lose commits: a standby is compared with what was confirmed.
    await withClient(primary, (client) => client.query('alter role all set synchronous_commit = on'));
    await makeTemplate(primary);
    await copyServer(servers.primary, servers.standby);
    await servers.standby.start();
    const whileFrozen = async (work: () => Promise<void>) => {
      servers.standby.freeze();
      await work().finally(servers.standby.thaw);
    };
    return {
      ...{ primary, standby: servers.standby.superuser, whileFrozen, stop },
      kill: (which) => servers[which].kill(),
      restart: (which) => servers[which].restart(),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A base backup as the manual describes it: the folder is copied between the start and the end of one. */
async function copyServer(primary: OwnPostgres, { dataFolder: to }: OwnPostgres): Promise<void> {
  const from = primary.dataFolder;
  await withClient(primary.superuser, async (client) => {
    await client.query("select pg_backup_start('standby', true)");
    await execa('cp', ['-a', from, to]);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    rmSync(join(to, 'postmaster.pid'), { force: true });
    const conninfo = `host=127.0.0.1 port=${primary.port} user=postgres password=${ownPassword}`;
    writeFileSync(join(to, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o644 });
    writeFileSync(join(to, 'standby.signal'), '', { mode: 0o644 });
    writeFileSync(join(to, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`, { mode: 0o644 });
    await execa('chown', ['--reference', from, ...['backup_label', 'standby.signal'].map((name) => join(to, name))]);
  });
}
