import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** One schema to be measured: the tree as it stands, or a revision of it. */
export type Subject = { name: string; url: string; drop(): Promise<void> };

/** Revisions before `ledger.register_rail` have the network from their migrations, or register it under another name. */
const registerInstant = `do $do$ begin
  if to_regprocedure('ledger.register_rail(text)') is not null then perform ledger.register_rail('instant'); end if;
  if to_regprocedure('ledger.open_rail(text)') is not null then perform ledger.open_rail('instant'); end if;
end $do$`;

/** A vacuum that began by itself would weigh on one schema only: `Lane.vacuum` is the one that runs. */
const neverVacuumed = `do $do$ declare v_table regclass; begin
  for v_table in select oid from pg_class where relnamespace = 'ledger'::regnamespace and relkind = 'r' loop
    execute format('alter table %s set (autovacuum_enabled = off)', v_table);
  end loop;
end $do$`;

/**
 * Makes a database of its own on the server of `superuser` and brings it to the schema of a revision, by that revision's
 * own `drizzle/migrate.ts`; null is the tree as it stands. Throws when git does not know the revision.
 */
export async function makeSubject(superuser: string, revision: string | null): Promise<Subject> {
  const name = `quittance_bench_${revision === null ? 'tree' : 'base'}`;
  await onServer(superuser, `drop database if exists ${name} with (force)`, `create database ${name}`);
  const url = new URL(superuser);
  url.pathname = `/${name}`;
  migrate(url.href, revision);
  await onServer(url.href, registerInstant, neverVacuumed);
  return {
    name: revision ?? 'tree',
    url: url.href,
    drop: () => onServer(superuser, `drop database ${name} with (force)`),
  };
}

function migrate(url: string, revision: string | null): void {
  const folder = revision === null ? root : checkedOut(revision);
  const env = { ...process.env, DATABASE_URL: url };
  try {
    execFileSync(process.execPath, ['drizzle/migrate.ts'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    if (folder !== root) rmSync(folder, { recursive: true, force: true });
  }
}

/** The files of a revision in a folder of their own, with the packages of this one. */
function checkedOut(revision: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-bench-'));
  const archive = execFileSync('git', ['archive', revision], { cwd: root, maxBuffer: 1 << 30 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function onServer(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
