import { z } from 'zod';
import { layers } from '../network/rules.ts';
import { createAws } from './aws.ts';
import { environmentOption, everyOption, withinOption } from './options.ts';
import { runStep } from './step.ts';
import { runTask } from './task.ts';

await runStep({
  does: 'Runs a task in the cluster of an environment, waits for its end, and fails unless it ended with 0.',
  options: {
    environment: environmentOption,
    name: { form: z.string().regex(/^[a-z][a-z-]{1,40}$/), means: 'its family without quittance-<environment>-' },
    layer: {
      form: z.enum(layers),
      means: 'where it stands in the network: a layer of infra/network/rules.ts',
    },
    command: {
      form: z
        .string()
        .transform((text) => text.split(' '))
        .optional(),
      means: 'instead of its own command, words separated by one space',
    },
    'every-ms': everyOption,
    'within-minutes': withinOption(30),
  },
  run: async ({ environment, name, layer, command, ...wait }) => {
    const task = { environment, name, layer, ...(command !== undefined && { command }) };
    await runTask(createAws(), task, { everyMs: wait['every-ms'], withinMinutes: wait['within-minutes'] });
    return {};
  },
});
