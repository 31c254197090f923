import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openApiDocument } from '../../docs/generate/openapi.ts';
import { check } from '../../domain/check.ts';
import { releasedVersions } from '../../local/release/changelog.ts';
import { withClient } from '../../local/servers/database.ts';
import { freshDatabase } from '../support/fixtures/database.ts';
import startServers from '../support/servers/global-setup.ts';
import stopServers from '../support/servers/global-teardown.ts';
import { files, read } from '../support/tree.ts';
import { type Call, shapeOf, storyPools, withoutNames } from './calls.ts';
import type { Names, StoryPools } from './names.ts';
import { leaveOpen, openNames } from './open-story.ts';
import { migrationNames, type OpenRecord, type Release, unreleasedRecord } from './release.ts';
import { freshNames, tell } from './story.ts';
import { transfersNow } from './transfers-now.ts';

/**
 * Keeps what the programs of this tree call, and what they leave open when they are stopped: `node test/releases/record.ts`. What is kept of a released
 * version is never recorded again, because its programs may run beside those of the next one for a while: after a release this writes the
 * record `next`, which `--release <version>` (`npm run release`) replaces by that of the version.
 */
const { values } = parseArgs({ options: { release: { type: 'string' } } });
const { version } = JSON.parse(read('package.json'));
check(typeof version === 'string', 'package.json has no version');
const isReleased = releasedVersions(read('CHANGELOG.md')).includes(version);
const name = values.release ?? (isReleased ? unreleasedRecord : version);

process.env['TEST_SERVERS'] = 'postgres';
await startServers();
try {
  const sources = Object.fromEntries(files(/^ledger\/.*\.sql$/).map((path) => [path, read(path)]));
  const { calls } = await recorded(freshNames(), tell);
  const names = openNames('http://127.0.0.1:9/receiver');
  const { calls: openCalls, result } = await recorded(names, async (pools, own, url) => {
    const requests = await leaveOpen(pools, own);
    return { requests, transfers: await withClient(url, (client) => transfersNow(client, own)) };
  });
  const release: Release = { calls, sources, migrations: migrationNames() };
  const open: OpenRecord = { calls: openCalls, ...result };
  const folder = join(import.meta.dirname, name);
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  write('release.json', `${JSON.stringify(release, null, 2)}\n`);
  write('open.json', `${JSON.stringify(open, null, 2)}\n`);
  write('openapi.json', openApiDocument());
  if (values.release !== undefined)
    rmSync(join(import.meta.dirname, unreleasedRecord), { recursive: true, force: true });
  process.stdout.write(
    `${name}: ${calls.length} and ${open.calls.length} calls, ${Object.keys(sources).length} sources\n`,
  );
} finally {
  await stopServers();
}

/** Runs a story on a database of its own. Returns what it called, and what it returned. */
async function recorded<T>(
  names: Names,
  story: (pools: StoryPools, names: Names, url: string) => Promise<T>,
): Promise<{ calls: Call[]; result: T }> {
  const database = await freshDatabase();
  const calls: Call[] = [];
  const pools = storyPools(database, ({ role, text, values: sent, answer }) => {
    // How often a run had to wait is its own; a replay waits by itself.
    if (!isWaiting(answer)) calls.push({ role, text, values: withoutNames(sent, names), answer: shapeOf(answer) });
  });
  try {
    return { result: await story(pools, names, database.url), calls };
  } finally {
    await pools.end();
    await database.drop();
  }
}

function isWaiting(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'status' in answer && answer.status === 'waiting';
}
