import { z } from 'zod';
import { createAws } from './aws.ts';
import { buildOf, digestOption, environmentOption, everyOption, withinOption } from './options.ts';
import { ramp, rollBack, workersTask } from './ramp.ts';
import { runStep } from './step.ts';

await runStep({
  does: 'Gives the workers of a release their share of new work: a few percent first, more while no alarm is raised, all at last. An alarm takes it back, and fails.',
  options: {
    environment: environmentOption,
    do: {
      form: z.enum(['ramp', 'make-current', 'rollback', 'remove']),
      means:
        'ramp: up to half; make-current: all; rollback: nothing more to the release; remove: a drained version, by its image',
    },
    digest: digestOption,
    percents: {
      form: z
        .string()
        .regex(/^\d{1,2}(,\d{1,2})*$/)
        .default('5,25,50')
        .transform((text) => text.split(',').map(Number)),
      means: 'the shares of a ramp',
    },
    'watch-minutes': {
      form: z.coerce.number().min(0).max(60).default(5),
      means: 'how long alarms are watched at each share',
    },
    'every-ms': everyOption,
    'within-minutes': withinOption(15),
  },
  run: async ({ environment, do: act, digest, percents, ...options }) => {
    const aws = createAws();
    const build = buildOf(digest);
    const wait = { everyMs: options['every-ms'], withinMinutes: options['within-minutes'] };
    const release = { environment, build, wait };
    if (act === 'ramp') await ramp(aws, { ...release, percents, watchMinutes: options['watch-minutes'] });
    else if (act === 'rollback') await rollBack(aws, release);
    else await workersTask(aws, release, [act, build]);
    return { build };
  },
});
