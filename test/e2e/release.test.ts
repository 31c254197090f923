import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { inTime } from '../support/harness/in-time.ts';
import { files, root } from '../support/tree.ts';

/** `npm run release` in a repository of its own that has the files of this tree: with real git, and a real Postgres for the record. */
const withinMs = inTime(300_000);
const folder = mkdtempSync(join(tmpdir(), 'quittance-release-'));
const noSettings = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
// The record is made on a server of its own, because what others write there would be waited for.
const env = { ...noSettings, TEST_POSTGRES_URL: undefined };
const git = async (...args: string[]) => (await execa('git', args, { cwd: folder, env })).stdout;
const release = (...args: string[]) =>
  execa(process.execPath, ['local/release/main.ts', ...args], { cwd: folder, env, all: true, reject: false });
const text = (path: string): string => readFileSync(join(folder, path), 'utf8');

beforeAll(async () => {
  for (const file of files(/./)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('config', 'user.name', 'Olga');
  await git('config', 'user.email', 'olga@example.com');
  await git('remote', 'add', 'origin', 'git@github.com:acme/quittance.git');
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'everything');
  await git('tag', `v${JSON.parse(text('package.json')).version}`);
}, withinMs);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what would be done is said, and nothing is changed', async () => {
  const head = await git('rev-parse', 'HEAD');
  const { all, exitCode } = await release('--version', '97.0.0', '--dry-run');
  expect([exitCode, all]).toEqual([0, expect.stringContaining('owned by Olga <olga@example.com>')]);
  expect([await git('rev-parse', 'HEAD'), await git('status', '--porcelain')]).toEqual([head, '']);
});

test(
  'a release is one commit and a tag with its owner: version, document, changelog and record agree',
  async () => {
    const head = await git('rev-parse', 'HEAD');
    const [before = ''] = readdirSync(join(folder, 'test/releases')).filter((name) => /^\d/.test(name));
    const kept = text(`test/releases/${before}/release.json`);
    const { all, exitCode } = await release('--version', '98.0.0');
    expect([exitCode, all]).toEqual([0, expect.stringContaining('git push --atomic origin main v98.0.0')]);

    expect(await git('status', '--porcelain')).toBe('');
    expect(await git('rev-list', '--count', `${head}..HEAD`)).toBe('1');
    expect(await git('log', '-1', '--format=%s')).toBe('release: 98.0.0');
    expect(await git('cat-file', '-t', 'v98.0.0')).toBe('tag');
    expect(await git('rev-parse', 'v98.0.0^{commit}')).toBe(await git('rev-parse', 'HEAD'));
    const message = await git('tag', '--list', '--format=%(contents)', 'v98.0.0');
    expect(message).toContain('Released by Olga <olga@example.com>');

    const { packages, version } = JSON.parse(text('package-lock.json'));
    const document = JSON.parse(text('api/openapi.json'));
    const versions = [JSON.parse(text('package.json')).version, version, packages[''].version, document.info.version];
    expect(versions).toEqual(['98.0.0', '98.0.0', '98.0.0', '98.0.0']);
    expect(text('CHANGELOG.md')).toMatch(/^## Unreleased\n\n## \[98\.0\.0\] - \d{4}-\d\d-\d\d$/m);
    expect(text('CHANGELOG.md')).toMatch(
      /^\[98\.0\.0\]: https:\/\/github\.com\/acme\/quittance\/compare\/v\S+\.\.\.v98\.0\.0$/m,
    );
    expect(readdirSync(join(folder, 'test/releases/98.0.0')).toSorted()).toEqual([
      'open.json',
      'openapi.json',
      'release.json',
    ]);
    expect(text(`test/releases/${before}/release.json`)).toBe(kept);

    const notes = await release('notes', '98.0.0');
    expect(notes.exitCode).toBe(0);
    expect(message).toContain(notes.all.trim());
    const again = await release('--version', '98.0.0');
    expect([again.exitCode, again.all]).toEqual([1, expect.stringContaining('The tag v98.0.0 exists')]);
  },
  withinMs,
);

test('a step that fails takes everything back: there is no half release', async () => {
  const changelog = text('CHANGELOG.md').replace('## Unreleased\n', '## Unreleased\n\n- Something.\n');
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  writeFileSync(join(folder, 'docs/generate.ts'), "throw new Error('it cannot');\n");
  await git('commit', '--quiet', '--all', '--message', 'a mistake');
  const head = await git('rev-parse', 'HEAD');
  const { all, exitCode } = await release('--version', '99.0.0');
  expect([exitCode, all]).toEqual([1, expect.stringMatching(/nothing was released(.|\n)*it cannot/)]);
  expect([await git('rev-parse', 'HEAD'), await git('status', '--porcelain')]).toEqual([head, '']);
  expect(await git('tag', '--list', 'v99*')).toBe('');
});
