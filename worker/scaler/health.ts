import { json, type Page } from '../../telemetry/server.ts';
import type { Rounds } from './rounds.ts';

/** Who was not measured for so long has no figure by which anybody could scale it. */
const unmeasuredMs = 60_000;

/**
 * `/health` of the scaler: 503 when a kind of worker was not measured for a minute, or not yet, with the seconds since it last was.
 * The process may work nevertheless, and starting it again would change nothing: what asks whether it lives asks `/ping`.
 */
export const scalerHealthPage =
  (agesMs: Rounds['agesMs'], maxMs: number = unmeasuredMs): Page =>
  async () => {
    const ages = Object.entries(agesMs());
    const isMeasured = ages.every(([, ageMs]) => ageMs !== null && ageMs <= maxMs);
    const measured = ages.map(([kind, ageMs]): [string, number | null] => [
      kind,
      ageMs === null ? null : Math.round(ageMs / 1_000),
    ]);
    return json(isMeasured ? 200 : 503, {
      status: isMeasured ? 'ok' : 'unmeasured',
      measured_seconds_ago: Object.fromEntries(measured),
    });
  };
