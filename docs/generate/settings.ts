import type { z } from 'zod';
import { describeSettings, type Setting, variables } from '../../config/variables.ts';
import { launcherVariables } from '../../local/settings.ts';
import { madeFrom, table } from './table.ts';

const launcherNames = Object.keys(launcherVariables.shape);

/** docs/settings.md: every setting with its default. */
export function settingsDocument(): string {
  return [
    madeFrom('`config/variables.ts` and `local/settings.ts`'),
    '# Settings\n',
    'Read from the environment and checked once at the start of each program. A program does not start on a wrong value: it says',
    'of each what it means, with an example. `.env.example` shows them all. `npm start` needs none: it hands each program its own.',
    'A pooler between the programs and Postgres: [what holds then](how-to/connect-through-a-pooler.md).\n',
    tableOf(variables),
    '## What `npm start` reads\n',
    'From the environment or from `.env`; what the environment says wins. A second copy beside the first needs another',
    '`LOCAL_DATA` and other ports: those below, and `API_PORT`, `API_METRICS_PORT`, `WORKER_METRICS_PORT`, `CODEC_SERVER_PORT`,',
    '`CODEC_SERVER_METRICS_PORT`. Here `DATABASE_URL`',
    "is the owner's login; it, `TEMPORAL_ADDRESS` and `REDIS_URL` stand for a server that it then does not start.",
    '`RAIL_INSTANT_URL` and `NOTICES_ALLOW_PRIVATE` it sets itself; every other setting above is handed on.\n',
    tableOf(launcherVariables),
    '## The simulator\n',
    'The simulator imports nothing of ours and reads its own: `SIMULATOR_HOST`, `SIMULATOR_PORT`, `SIMULATOR_JOURNAL` (the',
    'file with everything that bank believes), `SIMULATOR_CONTROL_TOKEN` (what `POST /control/…` asks for) and `LOG_LEVEL`; see',
    '`simulator/settings.ts`.\n',
  ].join('\n');
}

const tableOf = (schema: z.ZodObject): string =>
  table(
    ['name', 'default', 'meaning'],
    describeSettings(schema).map((setting) => [`\`${setting.name}\``, defaultOf(setting), setting.meaning]),
  );

const defaultOf = ({ initial, isRequired }: Setting): string =>
  isRequired ? 'none: must be given' : initial === null ? 'absent' : `\`${initial}\``;

/** .env.example: every setting with its meaning and its default, or an example where there is none. */
export const environmentExample = (): string =>
  [
    '# Made from config/variables.ts by `npm run generate`. Do not edit; copy it to .env, and take the # from what you set.',
    '# Each line shows the default of a setting, or an example where there is none. `npm start` needs none of them. It reads',
    ...wrapped(`settings of its own from .env as well, see docs/settings.md: ${launcherNames.join(', ')}.`),
    ...describeSettings(variables).flatMap(({ name, meaning, initial, example }) => [
      '',
      ...wrapped(meaning),
      `# ${name}=${initial ?? example}`,
    ]),
    '',
  ].join('\n');

const columnsMax = 120;

/** A comment, broken between words. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? '#'} ${word}`;
    if (lines.length > 0 && longer.length <= columnsMax) lines[lines.length - 1] = longer;
    else lines.push(`# ${word}`);
  }
  return lines;
}
