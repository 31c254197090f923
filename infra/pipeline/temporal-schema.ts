import { z } from 'zod';
import { prefixOf } from '../names.ts';
import { type Aws, createAws } from './aws.ts';
import { environmentOption, environments, everyOption, withinOption } from './options.ts';
import { readParameter, writeParameter } from './parameters.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';
import { runTask } from './task.ts';
import { refusedUpgrade } from './temporal-upgrade.ts';

const name = 'temporal-schema';
const image = z.string().regex(/^[a-z0-9][a-z0-9./_-]{2,200}@sha256:[0-9a-f]{64}$/, 'must be <image>@sha256:…');

const definitionSchema = z.object({
  taskDefinition: z.looseObject({
    family: z.string(),
    containerDefinitions: z.array(z.looseObject({ name: z.string(), image: z.string() })),
  }),
});
const registeredSchema = z.object({ taskDefinition: z.object({ taskDefinitionArn: z.string() }) });
/** What `describe-task-definition` adds to what was registered, and `register-task-definition` does not take. */
const described = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
];

await runStep({
  does: 'Brings the databases of our own Temporal servers to the schema of a version, before its servers start. Refuses a jump of two minor versions, and a step back. Does nothing where Temporal Cloud has the servers.',
  options: {
    environment: environmentOption,
    version: {
      form: z.string().regex(/^(\d+\.\d+\.\d+)?$/, 'must be like 1.29.1'),
      means: 'the version of the servers and tools',
    },
    tools: { form: image, means: 'the image of its tools' },
    'every-ms': everyOption,
    'within-minutes': withinOption(30),
  },
  run: async ({ environment, version, tools, ...wait }) => {
    if (environments[environment].temporal.mode === 'cloud') return { temporal: 'cloud' };
    if (version === '')
      throw new StepError(
        `The variable of ${environment} has no temporalVersion: it says which version its images of Temporal are.`,
      );
    const aws = createAws();
    const before = await readParameter(aws, environment, 'temporal/version');
    const refusal = refusedUpgrade(before, version);
    if (refusal !== null) throw new StepError(refusal);
    if (before === version) return { temporal: 'unchanged' };
    // Before the very first deployment its stack makes the task; here it has to be there.
    const taskDefinition = await revisionWith(aws, `${prefixOf(environment)}-${name}`, tools);
    await runTask(
      aws,
      { environment, name, layer: 'temporal', taskDefinition },
      { everyMs: wait['every-ms'], withinMinutes: wait['within-minutes'] },
    );
    await writeParameter(aws, environment, { name: 'temporal/version', value: version });
    return { temporal: 'updated' };
  },
});

/**
 * A revision of the task with the tools of the new version. The stack has the servers too, and deploying it would start them before their
 * schema is there; a task cannot be run with another image than its definition's.
 */
async function revisionWith(aws: Aws, family: string, tools: string): Promise<string> {
  const { taskDefinition } = definitionSchema.parse(
    await aws('ecs', 'describe-task-definition', { taskDefinition: family }),
  );
  const kept = Object.entries(taskDefinition).filter(([member]) => !described.includes(member));
  const containerDefinitions = taskDefinition.containerDefinitions.map((container) =>
    container.name === name ? { ...container, image: tools } : container,
  );
  const answer = await aws('ecs', 'register-task-definition', { ...Object.fromEntries(kept), containerDefinitions });
  return registeredSchema.parse(answer).taskDefinition.taskDefinitionArn;
}
