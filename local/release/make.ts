import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { StartFault } from '../start-fault.ts';
import { releasedVersions, saysSomething, sectionOf, withRelease } from './changelog.ts';
import type { Git } from './git.ts';
import { whyNotRelease } from './refusals.ts';
import { latestOf } from './version.ts';

/** `tree`: the checkout. `day`: yyyy-mm-dd. `isDry`: say what would be done. `print`: takes one line. */
type Options = { tree: string; version: string; day: string; isDry: boolean; print: (line: string) => void };

const stepMs = 10 * 60_000;
/** What a release changes, and so all that its commit may hold. */
const changed = ['CHANGELOG.md', 'package.json', 'package-lock.json', 'api', 'docs', 'test/releases'];

/**
 * Makes a release of the tree: the version in package.json and in the OpenAPI document, the section of the changelog, the record by which later
 * releases are compared with it (test/releases), one commit, and a tag that names its owner. Throws a StartFault that says everything
 * that is in the way. A step that fails takes its changes back: there is a whole release, or none.
 */
export async function makeRelease({ tree, version, day, isDry, print }: Options, git: Git): Promise<void> {
  const read = (file: string): string => readFileSync(join(tree, file), 'utf8');
  const changelog = read('CHANGELOG.md');
  const { version: packageVersion }: { version: string } = JSON.parse(read('package.json'));
  const why = await whyNotRelease({ version, changelog, packageVersion }, git);
  if (why.length > 0)
    throw new StartFault(`${version} cannot be released:\n${why.map((line) => `- ${line}`).join('\n')}`);
  const section = sectionOf(changelog) ?? '';
  const previous = latestOf([...(await git.tags()), ...releasedVersions(changelog)]);
  const page = await git.page();
  const link =
    page === null
      ? null
      : previous === null
        ? `${page}/releases/tag/v${version}`
        : `${page}/compare/v${previous}...v${version}`;
  const owner = await git.owner();
  print(
    `${version}, owned by ${owner}, after ${previous ?? 'no other release'}. ${linesOf(section)} entries of the changelog.`,
  );
  if (isDry)
    return print(`Nothing was changed. It would be one commit of ${changed.join(', ')}, and the tag v${version}.`);
  try {
    writeFileSync(join(tree, 'CHANGELOG.md'), withRelease(changelog, { version, day, link }));
    for (const file of ['package.json', 'package-lock.json'])
      writeFileSync(join(tree, file), withVersion(read(file), packageVersion, version));
    await run(tree, 'docs/generate.ts');
    await run(tree, 'test/releases/record.ts', '--release', version);
    await git.commit(changed, `release: ${version}\n\nReleased by ${owner}. What changes is in CHANGELOG.md.`);
  } catch (error) {
    await git.restore();
    throw error;
  }
  const left = await git.changes();
  if (left.length > 0)
    throw new StartFault(
      `The release was committed, and changed more than it may: ${left.join(', ')}. Look at these, then tag by hand or \`git reset --hard HEAD~1\`.`,
    );
  await git.tag(version, `${version}\n\nReleased by ${owner}.\n\n${section}\n`);
  print(`Made: one commit, and the tag v${version}. Publish both with: git push --atomic origin main v${version}`);
}

const linesOf = (section: string): number =>
  saysSomething(section) ? section.split('\n').filter((line) => line.startsWith('- ')).length : 0;

/** The version of the package itself, which stands before those of any other: twice in a lock file, once in package.json. */
function withVersion(text: string, from: string, to: string): string {
  const end = text.indexOf('"node_modules/');
  const head = end === -1 ? text : text.slice(0, end);
  const first = head.replaceAll(`  "version": "${from}"`, () => `  "version": "${to}"`);
  return `${first}${text.slice(head.length)}`;
}

async function run(tree: string, ...args: string[]): Promise<void> {
  const { failed, all } = await execa(process.execPath, args, { cwd: tree, timeout: stepMs, reject: false, all: true });
  if (failed)
    throw new StartFault(
      `\`node ${args.join(' ')}\` failed; nothing was released, and the tree is as it was.\n${(all ?? '').slice(-4_000)}`,
    );
}
