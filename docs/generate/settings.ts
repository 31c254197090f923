import { z } from 'zod';
import { variables } from '../../config/env.ts';
import { type EnvName, envNames } from '../../config/env-names.ts';
import { defaultData, defaultPorts, type PortName } from '../../local/settings.ts';
import { madeFrom, table } from './table.ts';

/** What each setting is for. The compiler asks for a line when a setting is added. */
const meanings: Record<EnvName, string> = {
  NODE_ENV: 'Stands as `mode` on every line of the log. No code of ours branches on it; libraries may.',
  LOG_LEVEL: 'The least serious line that is printed.',
  DATABASE_URL:
    "The Postgres login of this program's own role: quittance_api, quittance_worker, or an owner to migrate.",
  REDIS_URL: 'Balances and rate limits are cached there. Without it reads go to Postgres.',
  TEMPORAL_ADDRESS: "Host and port of Temporal's gRPC front end.",
  TEMPORAL_NAMESPACE: 'The Temporal namespace of this platform.',
  TEMPORAL_UI_URL: "Where links to a transfer's timeline lead.",
  API_HOST: 'The address on which the API listens, and on which API and worker serve health and metrics.',
  API_PORT: 'The port on which the API listens. 0 asks the system for a free one.',
  API_METRICS_PORT: "The API's metrics, on a port that no load balancer shows to the world.",
  WORKER_METRICS_PORT: "The worker's health and metrics.",
  WORKER_ROLES: 'Which task queues this worker serves, a comma list: all, groups, rail:instant, follow, delivery.',
  RAIL_INSTANT_URL: 'Where the instant rail is; on a laptop, the simulator.',
  RAIL_INSTANT_REQUEST_TIMEOUT_MS:
    'How long one request to the instant rail may take, in milliseconds. Absent: its terms.',
  RAIL_INSTANT_LEASE_MARGIN_MS: 'Time to write an outcome before another may send. Absent: the terms of the rail.',
  RAIL_INSTANT_QUIET_MS: 'How long after a lease "we do not know it" means anything. Absent: the terms of the rail.',
  RAIL_INSTANT_RETRY_MS: 'How long a transfer that was not taken waits. Absent: the terms of the rail.',
  RAIL_INSTANT_INQUIRY_WAITS_MS:
    'Waits between inquiries, a comma list; the last repeats. Absent: the terms of the rail.',
  RAIL_INSTANT_BREAKER_OPEN_MS: 'How long the breaker stays open before a probe. Absent: the terms of the rail.',
  WATCH_GRACE_MS:
    'How late a step may be before the watch takes its row up. Absent: `overdueGraceMs` in docs/bounds.md.',
  WATCH_EVERY_MS: 'How often the watch looks. Absent: `watchEveryMs` in docs/bounds.md.',
  NOTICES_ALLOW_PRIVATE: 'Whether notices may go to plain http and private addresses. For a laptop only.',
  SHUTDOWN_GRACE_MS: 'How long a program that was told to stop may finish what is in flight, in milliseconds.',
};

/** What `npm start` reads beside them, for what it starts itself. */
const launcherMeanings: Record<'LOCAL_DATA' | Exclude<PortName, EnvName>, string> = {
  LOCAL_DATA: 'The folder with everything that this copy keeps: an absolute path, or one below the checkout.',
  TEMPORAL_PORT: 'The port of its Temporal, unless TEMPORAL_ADDRESS names another.',
  TEMPORAL_UI_PORT: "The port of that Temporal's web UI.",
  POSTGRES_PORT: 'The port of its Postgres, unless DATABASE_URL names another.',
  REDIS_PORT: 'The port of its Redis, unless REDIS_URL names another.',
  SIMULATOR_PORT: "The port of the simulator's bank.",
};

/** docs/settings.md: every setting with its default. */
export function settingsDocument(): string {
  return [
    madeFrom('`config/env.ts` and `local/settings.ts`'),
    '# Settings\n',
    'Read from the environment, checked once at the start of each program; a program does not start on a bad value and names',
    'every one. `.env.example` shows them all. `npm start` needs none: it hands each program its own.\n',
    table(
      ['name', 'default', 'meaning'],
      envNames.map((name) => [`\`${name}\``, defaultOf(name), meanings[name]]),
    ),
    '## What `npm start` reads\n',
    'From the environment or from `.env`; what the environment says wins. A second copy beside the first needs another',
    '`LOCAL_DATA` and other ports: those below, `API_PORT`, `API_METRICS_PORT` and `WORKER_METRICS_PORT`. Here `DATABASE_URL`',
    "is the owner's login; it, `TEMPORAL_ADDRESS` and `REDIS_URL` stand for a server that it then does not start.",
    '`RAIL_INSTANT_URL` and `NOTICES_ALLOW_PRIVATE` are its own affair; every other setting above is handed on.\n',
    table(
      ['name', 'default', 'meaning'],
      Object.entries(launcherMeanings).map(([name, meaning]) => [
        `\`${name}\``,
        `\`${launcherDefaults[name]}\``,
        meaning,
      ]),
    ),
    '## The simulator\n',
    'The simulator imports nothing of ours and reads its own: `SIMULATOR_HOST`, `SIMULATOR_PORT`, `SIMULATOR_JOURNAL` (the',
    'file with everything that bank believes) and `LOG_LEVEL`; see `simulator/settings.ts`.\n',
  ].join('\n');
}

const launcherDefaults: Record<string, string | number> = { LOCAL_DATA: defaultData, ...defaultPorts };

function defaultOf(name: EnvName): string {
  const given = z.safeParse(variables.shape[name], undefined);
  if (!given.success) return 'none: must be given';
  const value = given.data;
  return value === undefined ? 'absent' : `\`${Array.isArray(value) ? value.join(',') : String(value)}\``;
}
