import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../../docs/generate/openapi.ts';
import { check } from '../../domain/check.ts';
import { freshDatabase } from '../support/fixtures/database.ts';
import startServers from '../support/servers/global-setup.ts';
import stopServers from '../support/servers/global-teardown.ts';
import { files, read } from '../support/tree.ts';
import { type Call, shapeOf, storyPools, withoutNames } from './calls.ts';
import { migrationNames, type Release } from './release.ts';
import { freshNames, tell } from './story.ts';

/**
 * Keeps this release: `node test/releases/record.ts`, when a version is released. Its programs may run beside those of the
 * next one for a while, so what is kept of a released version is never recorded again.
 */
const { version } = JSON.parse(read('package.json'));
check(typeof version === 'string', 'package.json has no version');

process.env['TEST_SERVERS'] = 'postgres';
await startServers();
const database = await freshDatabase();
const names = freshNames();
const calls: Call[] = [];
const pools = storyPools(database, ({ role, text, values, answer }) =>
  calls.push({ role, text, values: withoutNames(values, names), answer: shapeOf(answer) }),
);
try {
  await tell(pools, names);
} finally {
  await pools.end();
  await database.drop();
  await stopServers();
}
const sources = Object.fromEntries(files(/^ledger\/.*\.sql$/).map((path) => [path, read(path)]));
const release: Release = { calls, sources, migrations: migrationNames() };
mkdirSync(join(import.meta.dirname, version), { recursive: true });
writeFileSync(join(import.meta.dirname, version, 'release.json'), `${JSON.stringify(release, null, 2)}\n`);
writeFileSync(join(import.meta.dirname, version, 'openapi.json'), openApiDocument());
process.stdout.write(`${version}: ${calls.length} calls, ${Object.keys(sources).length} sources\n`);
