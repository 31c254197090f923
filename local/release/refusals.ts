import { releasedVersions, saysSomething, sectionOf } from './changelog.ts';
import type { Git } from './git.ts';
import { compareVersions, latestOf, readVersion } from './version.ts';

/** What a release is made from: the version that is asked for, and what the tree says of itself. */
export type Wanted = { version: string; changelog: string; packageVersion: string };

/** Why that version cannot be released from this tree now, a sentence each with what to do. Nothing when it can. Changes nothing. */
export async function whyNotRelease({ version, changelog, packageVersion }: Wanted, git: Git): Promise<string[]> {
  const [branch, changes, owner, tags] = await Promise.all([git.branch(), git.changes(), git.owner(), git.tags()]);
  const released = [...tags, ...releasedVersions(changelog)];
  const section = sectionOf(changelog);
  return [
    branch !== 'main' && `This is the branch ${branch}. A release is made of main: git switch main.`,
    changes.length > 0 &&
      `The tree is not clean (${changes.length} files, such as \`${changes[0]?.trim()}\`). Commit or remove what is there; the release is one commit of its own.`,
    owner === null &&
      'Nobody owns this release: git does not know who you are. Set it with `git config user.name` and `git config user.email`.',
    tags.includes(version) && `The tag v${version} exists. A released version is never made again: take the next one.`,
    tooLow(version, { released, packageVersion }),
    section === null && 'CHANGELOG.md has no section "## Unreleased": add it above the newest version.',
    section !== null &&
      !saysSomething(section) &&
      'CHANGELOG.md says nothing under "## Unreleased": write what changes for users, or there is nothing to release.',
  ].filter((sentence) => sentence !== false && sentence !== null);
}

function tooLow(
  text: string,
  { released, packageVersion }: { released: string[]; packageVersion: string },
): string | null {
  const version = readVersion(text);
  if (!version) return `${text} is no version: write three numbers, such as 1.4.0.`;
  const latest = latestOf(released);
  const before = readVersion(latest ?? packageVersion);
  if (!before) return `The version before, ${latest ?? packageVersion}, is no version: correct package.json.`;
  const difference = compareVersions(version, before);
  // The first release has the version that package.json had all the time.
  if (difference > 0 || (latest === null && difference === 0)) return null;
  return `${text} is not greater than ${latest ?? packageVersion}, which is ${latest === null ? 'in package.json' : 'the newest release'}.`;
}
