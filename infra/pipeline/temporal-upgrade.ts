/**
 * Why servers of Temporal must not go from one version to another, or null. Temporal changes its schema for the next minor version only: one
 * after the other, and never back. `before`: null for the first.
 */
export function refusedUpgrade(before: string | null, after: string): string | null {
  if (before === null || before === after) return null;
  const [majorBefore = 0, minorBefore = 0, patchBefore = 0] = before.split('.').map(Number);
  const [major = 0, minor = 0, patch = 0] = after.split('.').map(Number);
  if (major !== majorBefore)
    return `Temporal ${before} to ${after} is another major version: read its release notes, and do that step by hand.`;
  if (minor < minorBefore || (minor === minorBefore && patch < patchBefore))
    return `Temporal ${after} is older than ${before}, which runs: its schema is not taken back. Say the version that runs.`;
  if (minor > minorBefore + 1)
    return `Temporal ${before} to ${after} leaves a minor version out: deploy ${major}.${minorBefore + 1} first, and wait until its servers run.`;
  return null;
}
