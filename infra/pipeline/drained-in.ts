import { StepError } from './step-error.ts';

/** Temporal looks every few minutes whether a version is drained; a version gets no work any more, so an hour is patience and no risk. */
const drainedMs = 3_600_000;

/** The versions that `operator workers list` calls drained, and has for an hour. Throws when what it printed cannot be read. */
export function drainedIn(lines: readonly string[], now: number): string[] {
  const rows = lines.map((line) => line.split(/\s+/));
  if (!rows.some(([build, state]) => build === 'build' && state === 'state'))
    throw new StepError(
      'The list of `operator workers list` could not be read. Nothing was removed; run it again later.',
    );
  return rows.flatMap(([build = '', state, since = '']) =>
    state === 'drained' && now - Date.parse(since) >= drainedMs ? [build] : [],
  );
}
