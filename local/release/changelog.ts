/** A section of the changelog: what stands between its heading and the next one. */
type Section = { name: string; heading: string; text: string };

const unreleased = 'Unreleased';

/** The versions that the changelog has a section of, newest first. */
export const releasedVersions = (changelog: string): string[] =>
  sectionsOf(changelog)
    .map(({ name }) => name)
    .filter((name) => name !== unreleased);

/** What is written of a version, without its heading; of what is not released yet under `Unreleased`. Null where there is no such section. */
export const sectionOf = (changelog: string, name: string = unreleased): string | null =>
  sectionsOf(changelog).find((section) => section.name === name)?.text ?? null;

/** Whether a section says anything: a heading alone says nothing. */
export const saysSomething = (text: string): boolean => /^- \S/m.test(text);

/**
 * The changelog with what is unreleased as a version of that day (yyyy-mm-dd), and an empty section for what comes next. `link`: where
 * the difference from the version before can be read.
 */
export function withRelease(changelog: string, { version, day, link }: Release): string {
  const heading = `## ${link === null ? version : `[${version}]`} - ${day}`;
  const found = sectionsOf(changelog).find(({ name }) => name === unreleased);
  if (!found) throw new Error('CHANGELOG.md has no section "## Unreleased".');
  const changed = changelog.replace(found.heading, () => `${found.heading}\n\n${heading}`);
  return link === null
    ? changed
    : `${changed.trimEnd()}\n${/\n\[[^\]]+\]: \S+\s*$/.test(changed) ? '' : '\n'}[${version}]: ${link}\n`;
}

type Release = { version: string; day: string; link: string | null };

function sectionsOf(changelog: string): Section[] {
  const headings = [...changelog.matchAll(/^## \[?([^\]\s]+)\]?.*$/gm)];
  return headings.map((match, i) => {
    const [heading, name = ''] = match;
    const end = headings[i + 1]?.index ?? changelog.length;
    const text = changelog.slice(match.index + heading.length, end).replace(/^\[[^\]]+\]: \S+$/gm, '');
    return { name, heading, text: text.trim() };
  });
}
