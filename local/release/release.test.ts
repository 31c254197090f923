import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { releasedVersions, sectionOf, withRelease } from './changelog.ts';
import { type Git, gitIn, pageOf } from './git.ts';
import { whyNotRelease } from './refusals.ts';
import { compareVersions, latestOf, readVersion } from './version.ts';

const changelog = `# Changelog

## Unreleased

### API

- A new route.

## 0.2.0 - 2026-02-01

- The second one.

## [0.1.0] - 2026-01-01

- The first one.

[0.1.0]: https://example.com/a/releases/tag/v0.1.0
`;

test.each([
  ['1.2.3', [1, 2, 3]],
  ['0.10.0', [0, 10, 0]],
  ['1.2', null],
  ['v1.2.3', null],
  ['1.2.3-rc.1', null],
  ['01.2.3', null],
])('%s is read as %p', (text, version) => {
  expect(readVersion(text)).toEqual(version);
});

test('versions are compared by their numbers, not by their letters', () => {
  expect(compareVersions([0, 10, 0], [0, 9, 9])).toBeGreaterThan(0);
  expect(latestOf(['0.9.0', '0.10.0', '0.2.0', 'next'])).toBe('0.10.0');
  expect(latestOf([])).toBeNull();
});

test('the changelog is read by its sections', () => {
  expect(releasedVersions(changelog)).toEqual(['0.2.0', '0.1.0']);
  expect(sectionOf(changelog)).toBe('### API\n\n- A new route.');
  expect(sectionOf(changelog, '0.1.0')).toBe('- The first one.');
  expect(sectionOf(changelog, '9.9.9')).toBeNull();
});

test('what is unreleased becomes the version, above the older ones, and what comes next begins empty', () => {
  const link = 'https://example.com/a/compare/v0.2.0...v0.3.0';
  const after = withRelease(changelog, { version: '0.3.0', day: '2026-03-01', link });
  expect(releasedVersions(after)).toEqual(['0.3.0', '0.2.0', '0.1.0']);
  expect(sectionOf(after)).toBe('');
  expect(sectionOf(after, '0.3.0')).toBe('### API\n\n- A new route.');
  expect(sectionOf(after, '0.1.0')).toBe('- The first one.');
  expect(after).toContain('## [0.3.0] - 2026-03-01');
  expect(after.endsWith(`v0.1.0\n[0.3.0]: ${link}\n`)).toBe(true);
  expect(withRelease(changelog, { version: '0.3.0', day: '2026-03-01', link: null })).toContain(
    '## 0.3.0 - 2026-03-01',
  );
});

test.each([
  ['git@github.com:acme/quittance.git', 'https://github.com/acme/quittance'],
  ['https://github.com/acme/quittance', 'https://github.com/acme/quittance'],
  ['https://token@github.com/acme/quittance.git', 'https://github.com/acme/quittance'],
  ['ssh://git@example.com/acme/quittance.git', 'https://example.com/acme/quittance'],
  ['/srv/git/quittance', null],
])('%s is published at %s', (remote, page) => {
  expect(pageOf(remote)).toBe(page);
});

let folder: string;
let git: Git;
const run = (...args: string[]) => execa('git', args, { cwd: folder });
const before = { ...process.env };

beforeAll(() => {
  // No settings of this machine's people.
  Object.assign(process.env, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' });
});
afterAll(() => {
  process.env = before;
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-git-'));
  git = gitIn(folder);
  await run('init', '--quiet', '--initial-branch', 'main');
  await run('config', 'user.name', 'Olga');
  await run('config', 'user.email', 'olga@example.com');
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  await run('add', '.');
  await run('commit', '--quiet', '--message', 'all');
  await run('tag', 'v0.2.0');
});
afterEach(() => rmSync(folder, { recursive: true }));

const wanted = { version: '0.3.0', changelog, packageVersion: '0.2.0' };

test('a clean main with an owner, something to say and a greater version can be released', async () => {
  expect(await whyNotRelease(wanted, git)).toEqual([]);
});

test.each<[string, string, () => unknown]>([
  ['another branch', 'This is the branch other', () => run('switch', '--quiet', '--create', 'other')],
  [
    'a changed file',
    'not clean (1 files, such as `M CHANGELOG.md`)',
    () => writeFileSync(join(folder, 'CHANGELOG.md'), ''),
  ],
  ['a new file', 'not clean', () => writeFileSync(join(folder, 'new'), '')],
  ['no owner', 'Nobody owns this release', () => run('config', '--unset', 'user.name')],
  ['the tag', 'The tag v0.3.0 exists', () => run('tag', 'v0.3.0')],
  ['a later tag that the changelog lacks', 'not greater than 0.4.0', () => run('tag', 'v0.4.0')],
])('with %s it is refused', async (_, says, change) => {
  await change();
  const why = await whyNotRelease(wanted, git);
  expect(why.join('\n')).toContain(says);
});

test.each<[string, Partial<typeof wanted>, string]>([
  ['the same version', { version: '0.2.0' }, 'The tag v0.2.0 exists'],
  ['an earlier version', { version: '0.1.9' }, 'not greater than 0.2.0'],
  ['no version', { version: 'soon' }, 'is no version'],
  ['nothing to say', { changelog: changelog.replace('- A new route.', '') }, 'says nothing under'],
  ['no section', { changelog: '# Changelog\n' }, 'no section "## Unreleased"'],
])('%s is refused', async (_, change, says) => {
  expect((await whyNotRelease({ ...wanted, ...change }, git)).join('\n')).toContain(says);
});

test('everything that is in the way is said at once', async () => {
  await run('switch', '--quiet', '--create', 'other');
  await run('config', '--unset', 'user.email');
  expect(await whyNotRelease({ ...wanted, version: '0.1.0' }, git)).toHaveLength(3);
});

test('the first release may have the version that package.json has', async () => {
  await run('tag', '--delete', 'v0.2.0');
  const first = { version: '0.1.0', changelog: '## Unreleased\n\n- All.\n', packageVersion: '0.1.0' };
  expect(await whyNotRelease(first, git)).toEqual([]);
  expect(await whyNotRelease({ ...first, version: '0.0.9' }, git)).toEqual([expect.stringContaining('package.json')]);
});

test('what a failed step changed is taken back', async () => {
  writeFileSync(join(folder, 'CHANGELOG.md'), 'half');
  writeFileSync(join(folder, 'new'), '');
  await git.restore();
  expect(await git.changes()).toEqual([]);
});
