import { z } from 'zod';
import { type Aws, createAws } from './aws.ts';
import { environmentOption, everyOption, withinOption } from './options.ts';
import { runStep } from './step.ts';
import { StepError } from './step-error.ts';
import { type Wait, waitFor } from './wait.ts';

const stacksSchema = z.object({ Stacks: z.array(z.object({ StackName: z.string(), StackStatus: z.string() })) });
const startedSchema = z.object({ StackDriftDetectionId: z.string() });
const statusSchema = z.object({
  DetectionStatus: z.string(),
  DetectionStatusReason: z.string().optional(),
  StackDriftStatus: z.string().optional(),
});
const driftsSchema = z.object({
  StackResourceDrifts: z.array(z.object({ LogicalResourceId: z.string(), StackResourceDriftStatus: z.string() })),
});

/** What a release changes itself, and not by a template: the list of digests whose migrations were run. */
const ours = /^[A-Za-z]*Migrated[0-9A-F]{8}$/;

await runStep({
  does: 'Fails when something in an environment is not as its templates say: somebody changed it by hand.',
  options: { environment: environmentOption, 'every-ms': everyOption, 'within-minutes': withinOption(60) },
  run: async ({ environment, ...wait }) => {
    const aws = createAws();
    const { Stacks: stacks } = stacksSchema.parse(await aws('cloudformation', 'describe-stacks', {}));
    const wanted = stacks.filter(({ StackName: name }) => name.startsWith(`${environment}-`));
    if (wanted.length === 0) throw new StepError(`${environment} has no stacks: is it the right account and region?`);
    const drifted: string[] = [];
    for (const { StackName: stack } of wanted)
      for (const resource of await driftsOf(aws, stack, {
        everyMs: wait['every-ms'],
        withinMinutes: wait['within-minutes'],
      }))
        drifted.push(`${stack}: ${resource}`);
    if (drifted.length === 0) return { stacks: String(wanted.length) };
    throw new StepError(
      `Changed by hand, and overwritten by the next release that touches it:\n${drifted.join('\n')}\nPut it into infra/, or change it back.`,
    );
  },
});

/** What differs in a stack, by logical id. */
async function driftsOf(aws: Aws, stack: string, wait: Wait): Promise<string[]> {
  const { StackDriftDetectionId: id } = startedSchema.parse(
    await aws('cloudformation', 'detect-stack-drift', { StackName: stack }),
  );
  const ended = await waitFor(
    async () => {
      const seen = statusSchema.parse(
        await aws('cloudformation', 'describe-stack-drift-detection-status', { StackDriftDetectionId: id }),
      );
      return seen.DetectionStatus === 'DETECTION_IN_PROGRESS' ? null : seen;
    },
    { ...wait, what: `CloudFormation still compares ${stack}. Run it again later.` },
  );
  // Some kinds of resources cannot be compared; CloudFormation then calls the whole detection failed and has the others.
  if (ended.StackDriftStatus === 'IN_SYNC') return [];
  const { StackResourceDrifts: drifts } = driftsSchema.parse(
    await aws('cloudformation', 'describe-stack-resource-drifts', {
      StackName: stack,
      StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
    }),
  );
  return drifts
    .filter(({ LogicalResourceId: logicalId }) => !ours.test(logicalId))
    .map(({ LogicalResourceId: logicalId, StackResourceDriftStatus: status }) => `${logicalId} is ${status}`);
}
