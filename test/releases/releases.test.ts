import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate } from '../../drizzle/migrate.ts';
import { withClient } from '../../local/servers/database.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { type FreshDatabase, freshDatabase, unmigratedDatabase } from '../support/fixtures/database.ts';
import { inTime } from '../support/harness/in-time.ts';
import { files, read } from '../support/tree.ts';
import { storyPools } from './calls.ts';
import { migrationNames, readRelease, releases, writeTree } from './release.ts';
import { replay } from './replay.ts';
import { freshNames, tell } from './story.ts';

/**
 * Two releases run on one schema during a deploy. Red here: a change of SQL would break programs that still run. Keep the
 * old function beside the new one, under another name, for one release (docs/how-to/change-a-verb.md).
 */
const sources = Object.fromEntries(files(/^ledger\/.*\.sql$/).map((path) => [path, read(path)]));
const catalog = (database: FreshDatabase): Promise<Catalog> => withClient(database.url, catalogOf);

test('there is a release to compare with', () => {
  expect(releases.length).toBeGreaterThan(0);
});

describe.each(releases)('release %s', (version) => {
  const release = readRelease(version);
  const trees: string[] = [];
  const databases: FreshDatabase[] = [];
  const tree = (parts: Omit<typeof release, 'calls'>) => {
    const folder = writeTree(parts);
    trees.push(folder);
    return folder;
  };
  /** A database as that release left it. */
  const ofRelease = async (): Promise<FreshDatabase> => {
    const database = await unmigratedDatabase();
    databases.push(database);
    await migrate({ url: database.url, tree: tree(release) });
    return database;
  };
  let upgraded: FreshDatabase;
  beforeAll(async () => {
    upgraded = await ofRelease();
    await migrate({ url: upgraded.url });
  });
  afterAll(async () => {
    for (const database of databases) await database.drop();
    for (const folder of trees) rmSync(folder, { recursive: true });
  });

  test(
    'its programs go on with the functions of this tree: each call is answered with all that they read',
    async () => {
      const names = freshNames();
      const pools = storyPools(upgraded);
      const complaints = await replay(release.calls, pools, names);
      await pools.end();
      expect(complaints).toEqual([]);
    },
    inTime(240_000),
  );

  test('the programs of this tree work with its functions, as during a rollback', async () => {
    const database = await ofRelease();
    // The tables are this tree's, the functions are that release's.
    await migrate({ url: database.url, tree: tree({ sources: release.sources, migrations: migrationNames() }) });
    const pools = storyPools(database);
    await tell(pools, freshNames());
    await pools.end();
  });

  test('a database of it, migrated and contracted, is as one that was made by this tree', async () => {
    const database = await ofRelease();
    await migrate({ url: database.url, contracting: true });
    const fresh = await freshDatabase();
    databases.push(fresh);
    expect(await catalog(database)).toEqual(await catalog(fresh));
  });
});

test('the story calls every function that a program or an operator may call', () => {
  const released = new Set(releases.flatMap((version) => readRelease(version).calls.map(({ text }) => text)));
  const called = new Set([...released].map((text) => /ledger\.(\w+)\(/.exec(text)?.[1]));
  const callable = Object.values(sources)
    .filter((text) => /^-- execute: (?!nobody)(?!.*quittance_reader)/.test(text))
    .flatMap((text) => [...text.matchAll(/^create or replace function ledger\.(\w+)/gm)].map(([, name]) => name));
  expect(callable.filter((name) => !called.has(name))).toEqual([]);
});
