/** A released version: three whole numbers. Nothing before a release (`-rc.1`) and nothing after it (`+build`) is released here. */
export type Version = readonly [major: number, minor: number, patch: number];

/** `1.2.3` as numbers; null for any other text. */
export function readVersion(text: string): Version | null {
  const [, major, minor, patch] = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

/** Below zero when `a` is the earlier one, zero when they are one. */
export const compareVersions = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** The latest of these; null of none. */
export const latestOf = (texts: readonly string[]): string | null =>
  texts
    .map((text) => ({ text, version: readVersion(text) }))
    .filter((one): one is { text: string; version: Version } => one.version !== null)
    .toSorted((a, b) => compareVersions(a.version, b.version))
    .at(-1)?.text ?? null;
