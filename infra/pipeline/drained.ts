import { z } from 'zod';
import { createAws } from './aws.ts';
import { drainedIn } from './drained-in.ts';
import { environmentOption, everyOption, withinOption } from './options.ts';
import { readParameter, writeParameter } from './parameters.ts';
import { workersTask } from './ramp.ts';
import { runStep } from './step.ts';
import { readVersions, remove } from './worker-versions.ts';

await runStep({
  does: 'Finds the versions of the workers that drain (look), takes those with no workflow left out of the list of live ones (take), or tells Temporal to forget them once their services are gone (forget).',
  options: {
    environment: environmentOption,
    do: { form: z.enum(['look', 'take', 'forget']), means: 'look, take or forget' },
    builds: {
      form: z
        .string()
        .regex(/^([0-9a-f]{12}(,[0-9a-f]{12})*)?$/)
        .default('')
        .transform((text) => text.split(',').filter((build) => build !== '')),
      means: 'forget: the versions that take has printed',
    },
    'every-ms': everyOption,
    'within-minutes': withinOption(15),
  },
  run: async ({ environment, do: act, builds, ...options }): Promise<Record<string, string>> => {
    const aws = createAws();
    const wait = { everyMs: options['every-ms'], withinMinutes: options['within-minutes'] };
    if (act === 'forget') {
      for (const build of builds) await workersTask(aws, { environment, wait }, ['remove', build]);
      return {};
    }
    const versions = readVersions(await readParameter(aws, environment, 'workers/versions'));
    const draining = versions.filter(({ state }) => state === 'draining').map(({ build }) => build);
    if (act === 'look') return { builds: draining.join(',') };
    const { lines } = await workersTask(aws, { environment, wait }, ['list']);
    const drained = drainedIn(await lines(), Date.now());
    const gone = draining.filter((build) => drained.includes(build));
    const left = gone.reduce<ReturnType<typeof readVersions>>(remove, versions);
    if (gone.length > 0)
      await writeParameter(aws, environment, { name: 'workers/versions', value: JSON.stringify(left) });
    return { builds: gone.join(',') };
  },
});
