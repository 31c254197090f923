import { createAws } from './aws.ts';
import { digestOption, environmentOption } from './options.ts';
import { readParameter, writeParameter } from './parameters.ts';
import { runStep } from './step.ts';

/** A parameter holds 4,096 characters: 71 of each digest and a comma. The fifty newest are also all that the registry keeps. */
const digestsMax = 50;

await runStep({
  does: 'Notes that the migrations of an image were run. Production admits no task of an image that is not in this list.',
  options: { environment: environmentOption, digest: digestOption },
  run: async ({ environment, digest }) => {
    const aws = createAws();
    const list = (await readParameter(aws, environment, 'migrated')) ?? 'none';
    const earlier = list.split(',').filter((one) => one !== 'none' && one !== digest);
    const value = [digest, ...earlier].slice(0, digestsMax).join(',');
    await writeParameter(aws, environment, { name: 'migrated', value });
    return {};
  },
});
